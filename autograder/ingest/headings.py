"""What the headings of rosters and gradebooks stand for, in the languages of their users."""

from __future__ import annotations

import re
import unicodedata

COLUMNS: dict[str, tuple[str, ...]] = {
    "identifier": ("identifier", "participant"),
    "id": (
        "id", "userid", "studentid", "orgdefinedid", "sid", "idnumber", "studentnumber", "student",
        "matriculationnumber", "matrikelnummer", "number", "key", "idnummer",
        "numerodidentification", "numerodeid", "codiceidentificativo", "numerodeidentificacao",
    ),
    "sis": ("sisuserid", "sisid", "integrationid"),
    "login": (
        "sisloginid", "loginid", "username", "login", "user", "githubusername", "githublogin",
        "netid", "account", "anmeldename", "nutzername", "benutzername", "nomdutilisateur",
        "identifiant", "nombredeusuario", "nomeutente", "gebruikersnaam",
    ),
    "name": ("name", "fullname", "studentname", "displayname", "rostername", "learner",
             "vollstandigername", "nomcomplet", "nombrecompleto", "nomecompleto", "volledigenaam"),
    "first": ("firstname", "givenname", "forename", "vorname", "prenom", "nombre", "nome",
              "voornaam"),
    "last": ("lastname", "surname", "familyname", "nachname", "nom", "nomdefamille",
             "apellidos", "cognome", "sobrenome", "achternaam"),
    "email": ("email", "emailaddress", "mail", "address", "emailadresse", "emailadres",
              "adressedecourriel", "courriel", "direcciondecorreo", "indirizzoemail",
              "enderecodeemail"),
    "section": ("section", "sections", "group", "groups", "class", "course"),
}  # fmt: skip
"""By what a column is for: the headings that say so, letters only."""


def heading(cell: str) -> str:
    """A heading's letters, without accents."""
    return re.sub(r"[^a-z]", "", unicodedata.normalize("NFKD", cell.casefold()))


def title_of(heads: list[str]) -> str:
    """The platform whose export has these headings."""
    known = set(heads)
    if "student" in known and "id" in known:
        return "Canvas"
    if "identifier" in known or {"idnumber", "emailaddress"} <= known:
        return "Moodle"
    if "orgdefinedid" in known or "endoflineindicator" in known:
        return "Brightspace"
    if "githubid" in known or "githubusername" in known:
        return "Classroom"
    if {"username", "lastname", "firstname"} <= known:
        return "Blackboard"
    return "Gradescope" if "sid" in known else "CSV"
