"""The API: tag, sum up, and what the server knows of itself; the same JSON as the commands."""

from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tagger.article import Source
from tagger.codebook import Codebook
from tagger.errors import TaggerError
from tagger.model import Model
from tagger.paragraphs import Given
from tagger.web_guard import LARGEST, Refusal
from tagger.web_pool import Lost, Works

Text = Annotated[str, Field(description="An article as it stands: lines, headings, furniture and all.")]
T = TypeVar("T", bound=BaseModel)


class Strict(BaseModel):
    """A JSON object without unknown keys, its values of the stated types."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ArticleIn(Strict):
    """A text that may hold several articles, and what is known of it."""

    text: Text
    file: Annotated[str, Field(description="The name that the answer gives it; article-N if left out.")] = ""
    id: str = ""
    title: str = ""
    date: str = ""


class ParagraphIn(Strict):
    """A paragraph that is already cut, under its own id."""

    id: str | int
    text: str


class SummaryIn(Strict):
    """One article or many: one of the three."""

    text: Text | None = None
    texts: Annotated[list[Text], Field(min_length=1)] | None = None
    articles: Annotated[list[ArticleIn], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def one(self) -> "SummaryIn":
        """Refuse all but one way of giving texts."""
        if sum(getattr(self, name) is not None for name in type(self).model_fields) != 1:
            raise ValueError("give one of: " + ", ".join(type(self).model_fields))
        return self

    def sources(self) -> list[Source]:
        """Return the texts with their names."""
        given = self.articles or [ArticleIn(text=text) for text in self.texts or [self.text or ""]]
        return [
            Source(item.file or f"article-{number}", item.text, id=item.id, title=item.title, date=item.date)
            for number, item in enumerate(given, start=1)
        ]


class TagIn(SummaryIn):
    """One article, many, or paragraphs already cut: one of the four."""

    paragraphs: Annotated[list[ParagraphIn], Field(min_length=1)] | None = None


class UnreadOut(BaseModel):
    """A text that could not be read, and why."""

    path: str
    reason: str


class RowOut(BaseModel):
    """A body paragraph, as `tagger tag` writes it; of a paragraph already cut, id, measures and scores."""

    model_config = ConfigDict(extra="allow")
    measures: list[str]
    scores: dict[str, float]


class TagOut(BaseModel):
    """The paragraphs, and what could not be read."""

    rows: list[RowOut]
    unread: list[UnreadOut]


class SummaryOut(BaseModel):
    """Summaries as `tagger summary --format json` gives them, and what could not be read."""

    summaries: list[dict[str, Any]]
    unread: list[UnreadOut]


class Told(BaseModel):
    """What is wrong, where, and what to do next."""

    what: str
    where: str
    next: str


class ErrorOut(BaseModel):
    """A refusal."""

    error: Told


class MeasureOut(BaseModel):
    """A measure as the codebook defines it, in Chinese ("zh") and English ("en")."""

    id: str
    name: dict[str, str]
    definition: dict[str, str]
    counts: dict[str, str]
    excludes: dict[str, str]
    cues: list[str]


class MeasuresOut(BaseModel):
    """The codebook."""

    version: str
    measures: list[MeasureOut]


class ModelOut(BaseModel):
    """The model that answers; `about` says what it was made from and measured at."""

    name: str
    measures: list[str]
    thresholds: dict[str, float]
    about: dict[str, Any]


class HealthOut(BaseModel):
    """That the server lives."""

    status: str
    version: str


@dataclass(slots=True)
class Served:
    """What the server answers by: changed as one when another model is taken."""

    folder: Path
    model: Model
    codebook: Codebook
    works: Works


ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorOut, "description": "Not UTF-8, or not JSON, or broken off."},
    401: {"model": ErrorOut, "description": "The server asks for its token."},
    403: {"model": ErrorOut, "description": "Another site's page asks."},
    408: {"model": ErrorOut, "description": "The body took too long to come."},
    413: {"model": ErrorOut, "description": f"More than {LARGEST:,} bytes."},
    415: {"model": ErrorOut, "description": "Another type than application/json."},
    421: {"model": ErrorOut, "description": "Another name than the server's."},
    422: {"model": ErrorOut, "description": "JSON of another shape, or a text that can't be worked on."},
    503: {
        "model": ErrorOut,
        "description": "The process that worked on it died or took too long, or too many requests are open.",
    },
}
ALWAYS: dict[int | str, dict[str, Any]] = {key: ERRORS[key] for key in (400, 401, 403, 408, 413, 421, 503)}


def _body(model: type[BaseModel], example: dict[str, Any]) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    content = {"application/json": {"schema": schema, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


EXAMPLE = {"text": "东沟村的新产业\n\n镇党委派出驻村工作队，带着村民种下三百亩茶叶，合作社年底给入社农户分红。"}


def routes(served: Served) -> APIRouter:
    """Return the API's addresses, answered by what is served."""
    api = APIRouter(prefix="/v1", responses=ALWAYS)

    @api.post("/tag", responses=ERRORS, response_model=TagOut, openapi_extra=_body(TagIn, EXAMPLE))
    async def tag(request: Request) -> Response:
        """Tag the body paragraphs of articles, or paragraphs already cut.

        The rows are those that `tagger tag` writes.
        """
        asked, size = await _asked(request, TagIn)
        if asked.paragraphs is not None:
            given = [Given(item.id, item.text) for item in asked.paragraphs]
            return _json(await _work(served, "paragraphs", given, size))
        return _json(await _work(served, "tag", asked.sources(), size))

    @api.post("/summary", responses=ERRORS, response_model=SummaryOut, openapi_extra=_body(SummaryIn, EXAMPLE))
    async def summary(request: Request) -> Response:
        """Sum up articles: their measures, where they stand, and the sentences and words that told."""
        asked, size = await _asked(request, SummaryIn)
        cues = {measure.id: measure.cues for measure in served.codebook.measures}
        return _json(await done(served, "summary", (served.folder, asked.sources(), cues), size))

    @api.get("/measures")
    async def measures() -> MeasuresOut:
        """Say what the measures mean, as the codebook does."""
        told = [MeasureOut(**asdict(measure) | {"cues": list(measure.cues)}) for measure in served.codebook.measures]
        return MeasuresOut(version=served.codebook.version, measures=told)

    @api.get("/model")
    async def model() -> ModelOut:
        """Say which model answers, what it was made from and measured at."""
        known = served.model
        thresholds = dict(zip(known.measures, known.thresholds.tolist(), strict=True))
        name = served.folder.name
        return ModelOut(name=name, measures=list(known.measures), thresholds=thresholds, about=dict(known.about))

    @api.get("/health")
    async def health() -> HealthOut:
        """Say that the server lives."""
        return HealthOut(status="ok", version=version("measure-tagger"))

    return api


def schemas() -> dict[str, Any]:
    """Return the JSON schemas of what the API takes, for its OpenAPI document."""
    found: dict[str, Any] = {}
    for model in (TagIn, SummaryIn):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        found |= schema.pop("$defs", {})
        keys = list(model.model_fields)
        for key in keys:  # null stands for "left out" inside; JSON that says null is refused for the sake of one way
            schema["properties"][key] = next(
                (one for one in schema["properties"][key]["anyOf"] if one.get("type") != "null"), {}
            )
        schema["oneOf"] = [{"required": [key]} for key in keys]
        found[model.__name__] = schema
    return found


async def _asked(request: Request, model: type[T]) -> tuple[T, int]:
    """Return a request's JSON, checked, and its size in bytes."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refusal(
            415, f"the type {kind or 'that is left out'} is not taken", "Content-Type", "send application/json"
        )
    body = await request.body()
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refusal(400, f"byte {error.start + 1} is not UTF-8", "body", "send UTF-8") from None
    try:
        return model.model_validate_json(text), len(body)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in ("body", *found["loc"]))
        status = 400 if found["type"] == "json_invalid" else 422
        then = f"see {request.url.path} at /docs"
        raise Refusal(status, found["msg"].removeprefix("Value error, "), where, then) from None


async def _work(served: Served, job: str, given: object, size: int) -> bytes:
    return await done(served, job, (served.folder, given), size)  # type: ignore[no-any-return]


async def done(served: Served, job: str, given: tuple[object, ...], size: int = 0) -> Any:  # noqa: ANN401 - the job's
    """Return what a job of `web_work` gives; a refusal where it can't be done."""
    try:
        return await served.works.run(job, given, size)
    except TaggerError as error:
        raise Refusal(422, error.reason, error.subject, "mend it and send it again") from None
    except Lost:
        raise Refusal(503, "the process that worked on it stopped", "text", "send it again, in smaller parts") from None


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json")
