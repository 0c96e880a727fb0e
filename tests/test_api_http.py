"""The API gives what the commands give, and refuses clearly what it can't answer."""

import asyncio
import json
from threading import Thread

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from tagger.cli import app as commands
from tagger.errors import TaggerError
from tagger.serve import Options, application
from tagger.web_guard import Guard, Rules, rules
from tagger.web_pool import Here, Lost, Pool
from tagger.web_work import run
from tagger.workspace import Workspace
from tests.serving import TEXT, serving

TOKEN = "a-secret-of-enough-letters"  # noqa: S105 - of this test


@pytest.fixture(scope="module")
def client(trained):
    with serving(trained) as served:
        yield served


def refusal(answer, status: int) -> dict[str, str]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    told = answer.json()
    assert set(told) == {"error"}
    assert set(told["error"]) == {"what", "where", "next"}
    assert all(told["error"].values())
    return told["error"]


def test_tag_gives_the_rows_of_the_command(client, trained, tmp_path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(TEXT, "utf-8")
    printed = CliRunner().invoke(commands, ["--workspace", str(trained), "tag", str(path)]).stdout
    rows = client.post("/v1/tag", json={"articles": [{"text": TEXT, "file": str(path)}]}).json()["rows"]
    assert rows == [json.loads(line) for line in printed.splitlines()]
    assert len(rows) == 3


def test_summary_gives_the_json_of_the_command(client, trained, tmp_path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(TEXT, "utf-8")
    words = ["--workspace", str(trained), "summary", str(path), "--format", "json"]
    printed = CliRunner().invoke(commands, words).stdout
    told = client.post("/v1/summary", json={"articles": [{"text": TEXT, "file": str(path)}]}).json()
    assert told == {"summaries": json.loads(printed), "unread": []}


def test_paragraphs_already_cut_are_tagged_as_the_command_tags_them(client, trained, tmp_path, jsonl) -> None:
    given = [{"id": "x", "text": "村里的合作社分红了。"}, {"id": 7, "text": ""}]
    words = ["--workspace", str(trained), "tag", "--paragraphs", str(jsonl("given.jsonl", *given))]
    printed = CliRunner().invoke(commands, words).stdout
    rows = client.post("/v1/tag", json={"paragraphs": given}).json()["rows"]
    assert rows == [json.loads(line) for line in printed.splitlines()]


def test_a_batch_gives_each_article_the_same_as_alone(client) -> None:
    alone = client.post("/v1/tag", json={"text": TEXT}).json()["rows"]
    batch = client.post("/v1/tag", json={"texts": [TEXT, "  \n", TEXT]}).json()
    first = [row for row in batch["rows"] if row["file"] == "article-1"]
    assert first == alone
    assert [row | {"file": "article-1"} for row in batch["rows"] if row["file"] == "article-3"] == alone
    assert [unread["path"] for unread in batch["unread"]] == ["article-2"]


def test_measures_are_the_codebooks_and_the_model_says_what_it_was_measured_at(client) -> None:
    measures = client.get("/v1/measures").json()["measures"]
    told = client.get("/v1/model").json()
    assert [measure["id"] for measure in measures] == told["measures"]
    assert set(measures[0]["name"]) == {"zh", "en"}
    assert set(told["thresholds"]) == set(told["measures"])
    assert 0 <= told["about"]["evaluation"]["overall"]["micro_f1"][0] <= 1
    assert client.get("/v1/health").json()["status"] == "ok"


BAD = [
    (b'{"text": "\xff\xfe"}', 400, "byte 11 is not UTF-8"),
    ("村".encode("gb18030"), 400, "not UTF-8"),
    (b"{", 400, "Invalid JSON"),
    (b"", 400, "Invalid JSON"),
    (b"[" * 5000, 400, "Invalid JSON"),
    (b'{"text": "\\ud800"}', 400, "Invalid JSON"),
    (b"[]", 422, "object"),
    (b"{}", 422, "give one of"),
    (b'{"text": "a", "texts": ["b"]}', 422, "give one of"),
    (b'{"texts": []}', 422, "at least 1"),
    (b'{"text": 7}', 422, "string"),
    (b'{"txt": "a"}', 422, "Extra"),
    (b'{"articles": [{"file": "a"}]}', 422, "required"),
]


@pytest.mark.parametrize(("body", "status", "what"), BAD)
def test_a_request_of_another_shape_is_refused_with_its_place(client, body, status, what) -> None:
    told = refusal(client.post("/v1/tag", content=body, headers={"content-type": "application/json"}), status)
    assert what in told["what"]
    assert told["where"].startswith("body")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_type_than_json_is_refused(client, kind) -> None:
    refusal(client.post("/v1/tag", content=b"{}", headers={"content-type": kind}), 415)


def test_what_is_not_there_or_not_so_asked_for_is_refused_as_json(client) -> None:
    assert refusal(client.get("/v1/nothing"), 404)["where"] == "/v1/nothing"
    assert refusal(client.get("/v1/tag"), 405)["where"] == "/v1/tag"


def test_a_body_over_the_stated_size_is_refused_whatever_length_it_states(trained) -> None:
    def parts():
        yield b'{"text": "'
        for _ in range(200):
            yield b"a" * 1000

    with serving(trained, Rules(largest=5000)) as client:
        assert client.post("/v1/tag", json={"text": "a" * 4000}).status_code == 200
        for sent in ({"content": b"a" * 5001}, {"content": parts()}):
            told = refusal(client.post("/v1/tag", headers={"content-type": "application/json"}, **sent), 413)
            assert "5,000 bytes" in told["what"]


def test_no_more_of_a_too_large_body_is_read_than_shows_that_it_is() -> None:
    read = []

    async def receive():
        read.append(1)
        return {"type": "http.request", "body": b"a" * 1000, "more_body": True}

    assert guarded(Rules(largest=3000), receive) == 413
    assert len(read) == 4


def guarded(allowed: Rules, receive) -> int:
    """Return the status of a request whose body comes as `receive` has it."""
    sent = []

    async def send(message):
        sent.append(message)

    async def never(scope, receive, send):
        raise AssertionError

    scope = {"type": "http", "method": "POST", "headers": [(b"host", b"localhost")], "query_string": b""}
    asyncio.run(Guard(never, allowed)(scope, receive, send))
    return sent[0]["status"]


def test_a_body_that_never_comes_is_given_up() -> None:
    async def receive():
        await asyncio.Event().wait()

    assert guarded(Rules(patience=0.01), receive) == 408


def test_too_many_requests_at_once_are_told_to_come_again() -> None:
    async def receive():
        raise AssertionError

    assert guarded(Rules(at_once=0), receive) == 503


def test_a_request_that_breaks_off_is_not_answered_as_whole() -> None:
    async def receive():
        return {"type": "http.disconnect"}

    assert guarded(Rules(), receive) == 400


STRANGERS = [
    ({"host": "evil.example"}, 421),
    ({"host": "127.0.0.1.evil.example"}, 421),
    ({"host": ""}, 421),
    ({"host": "192.168.0.7"}, 421),
    ({"origin": "https://evil.example"}, 403),
    ({"origin": "null"}, 403),
    ({"origin": "http://127.0.0.1:9999"}, 403),
    ({"origin": "null", "sec-fetch-site": "cross-site"}, 403),
    ({"sec-fetch-site": "cross-site"}, 403),
]


@pytest.mark.parametrize(("headers", "status"), STRANGERS)
def test_strangers_hosts_and_origins_are_refused(client, headers, status) -> None:
    refusal(client.post("/v1/tag", json={"text": TEXT}, headers=headers), status)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST:1"])
def test_the_servers_own_names_are_answered(client, host) -> None:
    assert client.get("/v1/health", headers={"host": host, "origin": f"http://{host}"}).status_code == 200


def test_every_answer_forbids_scripts_of_others_frames_and_referrers(client) -> None:
    for answer in (client.get("/"), client.get("/v1/health"), client.get("/none"), client.post("/v1/tag", content=b"")):
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_with_a_token_whoever_lacks_it_is_refused_and_may_come_by_any_address(trained) -> None:
    with serving(trained, rules("192.168.0.7", TOKEN)) as client:
        for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": f"Basic {TOKEN}"}):
            assert refusal(client.get("/v1/health", headers=headers), 401)["where"] == "Authorization"
        known = {"authorization": f"Bearer {TOKEN}", "host": "192.168.0.7:8000"}
        assert client.get("/v1/health", headers=known).status_code == 200
        refusal(client.get("/v1/health", headers=known | {"host": "evil.example"}), 421)


def test_an_address_with_the_token_makes_it_a_cookie_that_no_script_reads(trained) -> None:
    with serving(trained, rules("192.168.0.7", TOKEN)) as client:
        sent = client.get("/", params={"token": TOKEN}, follow_redirects=False)
        assert (sent.status_code, sent.headers["location"]) == (303, "/")
        assert "HttpOnly; SameSite=Strict" in sent.headers["set-cookie"]
        assert client.get("/").status_code == 200
        client.cookies.clear()
        assert refusal(client.get("/", params={"token": "wrong"}), 401)
        client.cookies.clear()
        away = client.get("http://127.0.0.1//evil.example/", params={"token": TOKEN}, follow_redirects=False)
        assert away.headers["location"].startswith("/evil.example")


def test_the_api_describes_itself_and_the_page_about_it_loads_nothing_from_elsewhere(client) -> None:
    schema = client.get("/openapi.json").json()
    assert set(schema["paths"]) == {"/v1/tag", "/v1/summary", "/v1/measures", "/v1/model", "/v1/health"}
    page = client.get("/docs").text
    assert all(path in page for path in schema["paths"])
    assert all(f'id="s-{name}"' in page for name in schema["components"]["schemas"])
    assert "https://" not in page


def test_long_work_keeps_no_short_request_waiting(trained) -> None:
    """A long job sits in a child of its own: short ones are answered before it is."""
    long = {"texts": [TEXT * 30] * 150}
    done = []
    with serving(trained, children=2) as client:
        client.post("/v1/tag", json={"text": TEXT})
        slow = Thread(target=lambda: done.append(("long", client.post("/v1/summary", json=long).status_code)))
        slow.start()
        for _ in range(5):
            answer = client.post("/v1/tag", json={"text": TEXT})
            done.append(("short", answer.status_code))
        slow.join()
    assert done[-1] == ("long", 200)
    assert done.count(("short", 200)) == 5


def test_work_in_children_is_the_same_as_here(trained, client) -> None:
    with serving(trained, children=2) as other:
        for body in ({"text": TEXT}, {"texts": [TEXT, ""]}, {"paragraphs": [{"id": 1, "text": TEXT}]}):
            assert other.post("/v1/tag", json=body).json() == client.post("/v1/tag", json=body).json()
        assert (
            other.post("/v1/summary", json={"text": TEXT}).json()
            == client.post("/v1/summary", json={"text": TEXT}).json()
        )


def test_short_jobs_that_come_together_are_answered_each_with_its_own(trained) -> None:
    async def all_of(texts):
        pool = Pool("tagger.web_work", 2)
        await pool.start()
        try:
            from tagger.article import Source

            folder = trained / "models" / "default"
            asked = [pool.run("tag", (folder, [Source(f"f{n}", text)])) for n, text in enumerate(texts)]
            return [json.loads(answer) for answer in await asyncio.gather(*asked)]
        finally:
            await pool.stop()

    texts = [TEXT.replace("东沟", f"东{n}沟") for n in range(20)] + ["", "\n"]
    answers = asyncio.run(all_of(texts))
    for number, told in enumerate(answers[:20]):
        assert [row["file"] for row in told["rows"]] == [f"f{number}"] * 3
        assert f"东{number}沟村" in told["rows"][0]["text"]
    assert [len(told["unread"]) for told in answers[20:]] == [1, 1]


def test_a_child_that_dies_loses_its_job_alone(trained, tmp_path, monkeypatch) -> None:
    module = tmp_path / "dying_work.py"
    module.write_text(
        "import os\ndef run(jobs):\n"
        "    if jobs[0][0] == 'die': os._exit(1)\n"
        "    return [(True, given) for _, given in jobs]\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    async def both():
        pool = Pool("dying_work", 2)
        await pool.start()
        try:
            with pytest.raises(Lost):
                await pool.run("die", 1)
            return [await pool.run("live", number) for number in range(4)]
        finally:
            await pool.stop()

    assert asyncio.run(both()) == [0, 1, 2, 3]


def test_what_a_job_raises_is_raised_where_it_was_asked_for() -> None:
    works = Here(lambda _jobs: [(False, ("text", "is too long"))])
    with pytest.raises(TaggerError, match="text: is too long"):
        asyncio.run(works.run("tag", None))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_text_is_tagged(client, text) -> None:
    told = client.post("/v1/tag", json={"text": text})
    assert told.status_code == 200
    assert (
        told.json()["rows"] or told.json()["unread"] or text.strip() == "" or told.json() == {"rows": [], "unread": []}
    )


ADDRESSES = ["POST /v1/tag", "POST /v1/summary", "GET /v1/measures", "GET /v1/model", "GET /v1/health"]


@pytest.fixture(scope="module")
def described(trained):
    known = Rules(frozenset({"localhost", "testserver"}))  # as schemathesis calls an application in its own process
    app = application(Workspace(trained), Options(rules=known, children=0))
    return schemathesis.openapi.from_asgi("/openapi.json", app)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
def test_the_api_keeps_to_what_it_says_of_itself(described, address, mode) -> None:
    method, path = address.split()

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=described[path][method].as_strategy(generation_mode=mode))
    def keeps(case) -> None:
        answer = case.call()
        assert answer.status_code < 500
        case.validate_response(answer)

    if mode.value == "positive" or method == "POST":  # nothing is given to the others that could be wrong
        keeps()


def test_every_address_of_the_api_is_tried(described) -> None:
    paths = described.raw_schema["paths"]
    assert [f"{method.upper()} {path}" for path, told in paths.items() for method in told] == ADDRESSES


def test_jobs_run_in_one_batch_as_alone(trained) -> None:
    from tagger.article import Source

    folder = trained / "models" / "default"
    jobs = [
        ("tag", (folder, [Source("a", TEXT)])),
        ("explain", (folder, "合作社")),
        ("tag", (folder, [Source("b", "")])),
    ]
    assert run(jobs) == [run([job])[0] for job in jobs]
