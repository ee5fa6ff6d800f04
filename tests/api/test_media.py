"""The moment, heard over HTTP: a recording by ranges, and links that end."""

import json
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.api.recorded import forget_recording, put_recording
from tests.api.served import BAKER, INES, TOMAS, WORK, Served, put_baker, serving
from tests.corpus.recordings import recorded, tone, wav

MEDIA = f"/v1/searches/{BAKER}/interviews/{WORK}/media"


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that hears nothing, over the night baker's search."""
    with serving(tmp_path_factory.mktemp("heard") / "home", PLUMBLINE_JOBS__AT_ONCE="0") as served:
        with served.client(served.key()) as client:
            put_baker(client)
        yield served


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wav(tmp_path_factory.mktemp("sound") / "work.wav", tone(30))


@pytest.fixture(scope="module")
def digest(heard: Served, sound: Path) -> str:
    return put_recording(heard, sound)


@pytest.fixture(scope="module")
def acme(heard: Served, digest: str) -> Iterator[httpx.Client]:
    with heard.client(heard.key(scopes="read")) as client:
        yield client


def _problem(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json", response.text
    return response.status_code, response.json()["code"]


def test_a_recording_is_given_back_byte_for_byte_with_its_digest_as_etag(acme: httpx.Client, sound: Path, digest: str) -> None:
    response = acme.get(MEDIA)
    assert (response.status_code, response.content) == (200, sound.read_bytes())
    assert response.headers["etag"] == f'"{digest}"'
    assert response.headers["content-type"] == "audio/wav"
    assert response.headers["accept-ranges"] == "bytes"
    assert response.headers["cache-control"] == "private, no-store"
    assert response.headers["content-disposition"] == 'inline; filename="1-work.wav"'
    assert acme.get(MEDIA, params={"recording": digest}).content == sound.read_bytes()


@pytest.mark.parametrize(("asked", "first", "last"), [("bytes=0-0", 0, 0), ("bytes=100-199", 100, 199), ("bytes=-44", -44, -1)])
def test_a_range_is_answered_with_that_part_alone(acme: httpx.Client, sound: Path, asked: str, first: int, last: int) -> None:
    whole = sound.read_bytes()
    first, last = first % len(whole), last % len(whole)
    response = acme.get(MEDIA, headers={"Range": asked})
    assert (response.status_code, response.content) == (206, whole[first : last + 1])
    assert response.headers["content-range"] == f"bytes {first}-{last}/{len(whole)}"


def test_ranges_at_random_join_to_the_recording(acme: httpx.Client, sound: Path) -> None:
    chance, whole = random.Random(7), sound.read_bytes()
    for _ in range(30):
        first = chance.randrange(len(whole))
        last = chance.randrange(first, len(whole) * 2)
        response = acme.get(MEDIA, headers={"Range": f"bytes={first}-{last}"})
        assert (response.status_code, response.content) == (206, whole[first : last + 1])


def test_several_ranges_come_in_parts(acme: httpx.Client, sound: Path) -> None:
    response = acme.get(MEDIA, headers={"Range": "bytes=0-3,44-47"})
    assert response.status_code == 206
    assert response.headers["content-type"].startswith("multipart/byteranges")
    assert b"RIFF" in response.content


def test_a_range_beyond_the_end_is_a_problem_that_says_how_long_it_is(acme: httpx.Client, sound: Path) -> None:
    response = acme.get(MEDIA, headers={"Range": "bytes=99999999-"})
    assert _problem(response) == (416, "bad_request")
    assert response.headers["content-range"] == f"bytes */{sound.stat().st_size}"
    assert _problem(acme.get(MEDIA, headers={"Range": "seconds=1-2"})) == (400, "bad_request")


def test_a_range_of_something_older_is_answered_with_the_whole(acme: httpx.Client, digest: str) -> None:
    asked = {"Range": "bytes=0-9"}
    assert acme.get(MEDIA, headers={**asked, "If-Range": f'"{digest}"'}).status_code == 206
    assert acme.get(MEDIA, headers={**asked, "If-Range": '"another"'}).status_code == 200


def test_head_has_the_headers_and_no_body(acme: httpx.Client, sound: Path) -> None:
    response = acme.head(MEDIA)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == str(sound.stat().st_size)


def test_what_has_no_recording_is_not_found(acme: httpx.Client, heard: Served) -> None:
    assert _problem(acme.get(f"/v1/searches/{BAKER}/interviews/2-none/media")) == (404, "not_found")
    assert _problem(acme.get(MEDIA, params={"recording": "0" * 64})) == (404, "not_found")
    assert _problem(acme.get(MEDIA, params={"recording": "../../plumbline.db"})) == (422, "bad_request")


def test_a_link_opens_the_recording_without_a_key_at_the_moment(acme: httpx.Client, heard: Served, sound: Path) -> None:
    made = acme.post(f"{MEDIA}/links", json={"start_s": 12.5, "end_s": 20})
    assert made.status_code == 201
    url = made.json()["url"]
    assert url.startswith(heard.url)
    assert urlsplit(url).fragment == "t=12.5,20"
    played = httpx.get(url, headers={"Range": "bytes=0-3"})
    assert (played.status_code, played.content) == (206, b"RIFF")
    assert played.headers["referrer-policy"] == "no-referrer"
    assert httpx.get(url).content == sound.read_bytes()
    assert httpx.head(url).headers["content-type"] == "audio/wav"


def test_a_link_to_an_impossible_part_is_refused(acme: httpx.Client) -> None:
    for part in ({"start_s": 20, "end_s": 12}, {"start_s": -1}, {"end_s": 0}, {"start_s": 1e9}, {"recording": "x"}):
        assert _problem(acme.post(f"{MEDIA}/links", json=part)) == (422, "bad_request"), part
    assert acme.post(f"{MEDIA}/links", json={"start_s": 3}).json()["url"].endswith("#t=3")
    assert "#" not in acme.post(f"{MEDIA}/links").json()["url"]


def test_an_altered_link_opens_nothing_wherever_it_was_altered(acme: httpx.Client) -> None:
    url = acme.post(f"{MEDIA}/links", json={}).json()["url"]
    base, link = url.rsplit("/", 1)
    chance = random.Random(7)
    for _ in range(60):
        at = chance.randrange(len(link))
        other = chance.choice([c for c in "abcXYZ019-_." if c != link[at]])
        altered = link[:at] + other + link[at + 1 :]
        assert _problem(httpx.get(f"{base}/{altered}")) == (403, "link_expired"), altered
    for nothing in ("x", "a.b", link.split(".", maxsplit=1)[0], f"{link}x", "%C3%A9.%C3%A9"):
        assert _problem(httpx.get(f"{base}/{nothing}")) == (403, "link_expired"), nothing


def test_the_end_of_one_link_does_not_open_another_interview(heard: Served, acme: httpx.Client, tmp_path: Path) -> None:
    other = wav(tmp_path / "other.wav", tone(2))
    with heard.client(heard.key(org="Other")) as client:
        put_baker(client)
        put_recording(heard, other, org="Other")
        theirs = client.post(f"{MEDIA}/links", json={}).json()["url"]
    ours = acme.post(f"{MEDIA}/links", json={}).json()["url"]
    (base, mine), its = ours.rsplit("/", 1), theirs.rsplit("/", 1)[1]
    crossed = f"{its.split('.')[0]}.{mine.split('.')[1]}"
    assert _problem(httpx.get(f"{base}/{crossed}")) == (403, "link_expired")
    assert httpx.get(theirs).content == other.read_bytes()


def test_a_link_is_over_when_its_time_is(tmp_path: Path, sound: Path) -> None:
    with serving(tmp_path / "home", PLUMBLINE_JOBS__AT_ONCE="0", PLUMBLINE_SERVE__LINK_S="1") as served, served.client() as client:
        put_baker(client)
        put_recording(served, sound)
        made = client.post(f"{MEDIA}/links", json={}).json()
        for _ in range(40):
            if (response := httpx.get(made["url"])).status_code == 403:
                break
        assert _problem(response) == (403, "link_expired")
        assert "over" in response.json()["detail"]


def test_a_link_ends_with_the_recording_and_with_the_key_that_made_it(heard: Served, tmp_path: Path) -> None:
    digest = put_recording(heard, recorded(tmp_path / "later.webm", "libopus", tone(3, 48_000), kind="webm"))
    with heard.client(heard.key(org="Acme")) as admin:
        made = admin.post("/v1/keys", json={"scopes": ["read"]}).json()
        with heard.client(made["secret"]) as reader:
            of_key, of_recording = (c.post(f"{MEDIA}/links", json={"recording": digest}).json()["url"] for c in (reader, admin))
        assert httpx.head(of_key).headers["content-type"] == "audio/webm"
        admin.delete(f"/v1/keys/{made['key']['id']}").raise_for_status()
        assert _problem(httpx.get(of_key)) == (403, "link_expired")
        forget_recording(heard, digest, bytes_alone=True)
        assert _problem(httpx.get(of_recording)) == (404, "not_found")
        forget_recording(heard, digest)
        assert _problem(httpx.get(of_recording)) == (404, "not_found")
        assert admin.get(MEDIA).headers["content-type"] == "audio/wav"


def test_only_who_may_read_the_transcript_hears_the_recording_or_makes_a_link(heard: Served, digest: str) -> None:
    with heard.client(heard.key(scopes="write")) as writer:
        assert _problem(writer.get(MEDIA)) == (403, "missing_scope")
        assert _problem(writer.post(f"{MEDIA}/links", json={})) == (403, "missing_scope")
    with heard.client(heard.key(role="interviewer", person=INES, scopes="read")) as ines:
        assert ines.get(MEDIA).status_code == 200
    with heard.client(heard.key(role="interviewer", person=TOMAS, scopes="read")) as candidate:
        assert _problem(candidate.get(MEDIA)) == (404, "not_found")


def test_the_audit_log_says_who_made_a_link_and_each_use_and_no_secret_of_it(heard: Served, digest: str) -> None:
    with heard.client(heard.key(role="interviewer", person=INES, scopes="read")) as ines:
        url = ines.post(f"{MEDIA}/links", json={"start_s": 1}).json()["url"].partition("#")[0]
        assert httpx.get(url, headers={"Range": "bytes=0-9"}).status_code == 206
    with sqlite3.connect(heard.home / "plumbline.db") as store:
        rows = store.execute("SELECT action, target, person, status, detail, key FROM audit_log ORDER BY number DESC LIMIT 2").fetchall()
    store.close()
    used, made = rows
    assert made[:4] == ("POST /v1/searches/{search}/interviews/{interview}/media/links", f"{MEDIA}/links", INES, 201)
    assert json.loads(made[4])["recording"] == digest
    assert used[0] == "GET /v1/media/{link}"
    assert used[1].startswith("interview int-")
    assert (used[2:4], used[5]) == ((INES, 206), made[5])
    assert used[4] == json.dumps({"recording": digest})
    link = url.rsplit("/", 1)[1]
    assert link not in json.dumps(rows)
    assert link not in heard.log()
    secret = (heard.home / "media" / ".links").read_bytes()
    assert (len(secret), (heard.home / "media" / ".links").stat().st_mode & 0o777) == (32, 0o600)
