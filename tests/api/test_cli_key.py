"""`plumbline key`: what is refused leaves nothing behind, and a name that nobody has is no organisation."""

import json

from tests.api.conftest import Run


def test_a_key_is_made_listed_without_its_secret_and_revoked(plumbline: Run) -> None:
    made = json.loads(plumbline("key", "new", "--org", "Acme", "--scopes", "read", "--label", "the ATS", "--json").out)
    listed = plumbline("key", "list", "--org", "Acme")
    assert made["id"] in listed.out
    assert made["key"] not in listed.out
    assert plumbline("key", "revoke", made["id"], "--org", "Acme").code == 0
    assert "revoked" in plumbline("key", "list", "--org", "Acme").out


def test_what_is_refused_makes_no_organisation(plumbline: Run) -> None:
    for wrong in (("--role", "interviewer"), ("--person", "Dana"), ("--scopes", ""), ("--scopes", "everything")):
        assert plumbline("key", "new", "--org", "Acme", *wrong).code in (5, 6)
    for command in (("list",), ("revoke", "key-1")):
        ran = plumbline("key", *command, "--org", "Acme")
        assert (ran.code, "There is no organisation called Acme" in ran.err) == (3, True)


def test_an_organisation_without_keys_is_told_how_to_make_one(plumbline: Run) -> None:
    plumbline("organisation", "show")
    assert "plumbline key new" in plumbline("key", "list").out
