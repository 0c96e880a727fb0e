"""Stand-in."""
from tagger.article import Source
from tagger.decode import decode
def page(subject, data, encoding=None):
    t,e=decode(subject,data,encoding); return Source(subject,t,encoding=e)
archive=markdown=page
