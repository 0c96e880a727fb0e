from dataclasses import fields
from string import Formatter

import pytest

from tagger.article import KINDS
from tagger.coverage import BYS
from tagger.phrases import EN, ZH, Lang, Phrases, locale_lang, phrases


def test_every_label_takes_the_same_figures_in_both_languages() -> None:
    for name in (field.name for field in fields(Phrases)):
        zh, en = getattr(ZH, name), getattr(EN, name)
        if isinstance(zh, str):
            places = [{part[1] for part in Formatter().parse(text) if part[1]} for text in (zh, en)]
            assert places[0] == places[1], name


def test_every_label_says_something() -> None:
    for say in (ZH, EN):
        assert all(getattr(say, field.name) for field in fields(Phrases))
        assert set(say.kinds) == set(KINDS)
        assert set(say.by) == set(BYS)


def test_a_language_has_its_own_labels() -> None:
    assert (phrases("zh").lang, phrases("en").lang) == ("zh", "en")


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
        ({}, "en"),
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_CN", "LANG": "C"}, "zh"),
        ({"LC_MESSAGES": "en_US", "LANG": "zh_CN"}, "en"),
    ],
)
def test_the_locale_gives_the_language(environment: dict[str, str], lang: Lang) -> None:
    assert locale_lang(environment) == lang
