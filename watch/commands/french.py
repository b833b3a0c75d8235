"""The command line speaks French throughout: the words of click, and what stands for an answer.

Click asks gettext for its own words and ships no catalogue: here is ours, put in its place.
"""

from importlib import import_module
from typing import Any

import click

_SAID = {
    "Usage:": "Utilisation :",
    "Options": "Options ",
    "Commands": "Commandes ",
    "Positional arguments": "Arguments ",
    "required": "obligatoire",
    "default: {default}": "par défaut : {default}",
    "env var: {var}": "variable : {var}",
    "deprecated": "abandonné",
    "Show this message and exit.": "Dit ceci, et s’arrête.",
    "Try '{command} {option}' for help.": "« {command} {option} » dit comment s’en servir.",
    "Error: {message}": "{message}",
    "Aborted!": "Arrêté.",
    "Missing command.": "Il manque la commande.",
    "Missing argument": "Il manque",
    "Missing option": "Il manque l’option",
    "Missing parameter": "Il manque",
    "Missing parameter: {param_name}": "Il manque {param_name}",
    "No such command {name!r}.": "« {name} » n’est pas une commande.",
    "No such option {name!r}.": "« {name} » n’est pas une option.",
    "Got unexpected extra argument ({args})": "Un mot de trop : {args}.",
    "Got unexpected extra arguments ({args})": "Des mots de trop : {args}.",
    "Option {name!r} requires an argument.": "L’option « {name} » demande une valeur.",
    "Option {name!r} requires {nargs} arguments.": "L’option « {name} » demande {nargs} valeurs.",
    "Option {name!r} does not take a value.": "L’option « {name} » ne prend pas de valeur.",
    "Argument {name!r} takes {nargs} values.": "« {name} » demande {nargs} valeurs.",
    "Takes {nargs} values but 1 was given.": "Il en faut {nargs}, et une seule est donnée.",
    "Takes {nargs} values but {len} were given.": "Il en faut {nargs}, et {len} sont données.",
    "Invalid value: {message}": "{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} : {message}",
    "{value!r} is not {choice}.": "« {value} » n’est pas {choice}.",
    "{value!r} is not one of {choices}.": "« {value} » n’est pas parmi {choices}.",
    "Choose from:\n\t{choices}": "Au choix :\n\t{choices}",
    "{value!r} is not a valid {number_type}.": "« {value} » n’est pas un nombre.",
    "{value} is not in the range {range}.": "{value} sort des bornes {range}.",
    "{name} {filename!r} does not exist.": "« {filename} » n’existe pas.",
    "{name} {filename!r} is a file.": "« {filename} » est un fichier, pas un dossier.",
    "{name} {filename!r} is a directory.": "« {filename} » est un dossier, pas un fichier.",
    "{name} {filename!r} is not readable.": "« {filename} » ne peut pas être lu.",
    "{name} {filename!r} is not writable.": "« {filename} » ne peut pas être écrit.",
    "Could not open file {filename!r}: {message}": "« {filename} » ne peut pas être ouvert.",
}
_SPEAKING = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")
# The arguments, by their names in the code.
_ARGUMENTS = {
    "space": "ESPACE",
    "spaces": "ESPACE",
    "number": "NUMÉRO",
    "name": "NOM",
    "url": "ADRESSE",
}


def speak(command: click.Command) -> None:
    """Have click speak French, and every command below tell what it awaits in French."""
    for where, word, ours in _REPLACED:
        setattr(where, word, ours)
    for module in _SPEAKING:
        found = import_module(f"click.{module}")
        for name, told in (("_", _said), ("ngettext", _counted)):
            if hasattr(found, name):
                setattr(found, name, told)
    _name(command)


def _said(words: str) -> str:
    return _SAID.get(words, words)


def _counted(one: str, many: str, count: int) -> str:
    return _said(one if count == 1 else many)


def _hint(param: click.Parameter, ctx: click.Context | None) -> str:
    """« ESPACE », « --par »: what is missing or wrong, as it is called in the help."""
    option = isinstance(param, click.Option)
    return f"« {param.opts[0] if option else (param.metavar or param.name)} »"


def _possible(possibilities: list[str]) -> str:
    words = " ou ".join(f"« {one} »" for one in sorted(possibilities))
    return f"Vouliez-vous dire {words} ?"


# What click says without asking gettext.
_REPLACED = (
    (click.Argument, "get_error_hint", _hint),
    (click.Option, "get_error_hint", _hint),
    (click.exceptions, "_format_possibilities", _possible),
)


def _name(command: click.Command) -> None:
    # Click would cut the sentence at 45 characters, and end it with « ... ».
    command.short_help = (command.help or "").partition("\n\n")[0]
    for param in command.params:
        if param.metavar is None and not isinstance(param.type, click.Choice):
            param.metavar = _awaited(param)
    if isinstance(command, click.Group):
        command.subcommand_metavar = "COMMANDE [ARGUMENTS]…"
        for one in command.commands.values():
            _name(one)


def _awaited(param: click.Parameter) -> str:
    if isinstance(param, click.Option):
        return _kind(param.type)
    own = _kind(param.type) if isinstance(param.type, click.Path) else (param.name or "").upper()
    name = _ARGUMENTS.get(param.name or "", own)
    name = name if param.required else f"[{name}]"
    return name if param.nargs == 1 else f"{name}…"


def _kind(type_: Any) -> str:
    if isinstance(type_, click.Path):
        either = type_.file_okay and type_.dir_okay
        return "CHEMIN" if either else "FICHIER" if type_.file_okay else "DOSSIER"
    number = isinstance(type_, click.types.IntParamType | click.types.FloatParamType)
    return "NOMBRE" if number else "TEXTE"
