"""Puts the groups of commands together, and loads no more of the house than the command at hand needs."""

from collections.abc import Sequence

import typer

from commands import rule_batch, rule_checks, rule_parameters, rules

_ON_RULE_FILES = (rules.commands, rule_checks.commands, rule_parameters.commands, rule_batch.commands)
_RULES_HELP = "Rule books: check, test, adjudicate, publish, simulate."


def command_line(words: Sequence[str] = ()) -> typer.Typer:
    """Make the command line; for words that ask about rule files alone, only that part of it.

    Whoever saves a book and checks it waits for the answer, and it needs neither the database nor the web.
    """
    names = {command.name for group in _ON_RULE_FILES for command in group.registered_commands}
    cli = _empty("Mingbai 明白: a claim pays itself within a minute, and can say why.")
    if len(words) > 1 and words[0] == "rules" and words[1] in names:
        cli.add_typer(_together(_ON_RULE_FILES, _RULES_HELP), name="rules")
    else:
        _add_everything(cli)
    return cli


def _empty(help_: str) -> typer.Typer:
    return typer.Typer(help=help_, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None, add_completion=False)


def _together(groups: Sequence[typer.Typer], help_: str) -> typer.Typer:
    group = _empty(help_)
    for each in groups:
        group.add_typer(each)
    return group


def _add_everything(cli: typer.Typer) -> None:
    from commands import (
        access,
        audit,
        backups,
        claims,
        cover,
        data,
        demo,
        documents,
        events,
        keys,
        ledger,
        reports,
        retention,
        risk,
        risk_evaluate,
        risk_labels,
        risk_release,
        risk_train,
        rule_changes,
        rule_versions,
        running,
        servicing,
        webhooks,
    )  # the whole house: 2 s

    cli.command("demo")(demo.demo_command)
    cli.command("serve")(running.serve_command)
    cli.command("worker")(running.worker_command)
    cli.command("doctor")(running.doctor_command)
    cli.command("backup")(backups.backup_command)
    cli.command("restore")(backups.restore_command)
    groups = {
        "rules": _together((*_ON_RULE_FILES, rule_versions.commands, rule_changes.commands), _RULES_HELP),
        "ocr": documents.commands,
        "risk": _together(
            (risk.commands, risk_evaluate.commands, risk_train.commands, risk_labels.commands, risk_release.commands),
            "Risk: score a claim, label it, train a model, put it in force, examine your own labelled claims.",
        ),
        "claim": claims.commands,
        "cover": cover.commands,
        "event": events.commands,
        "keys": keys.commands,
        "report": reports.commands,
        "ledger": ledger.commands,
        "servicing": servicing.commands,
        "retention": retention.commands,
        "staff": access.staff_commands,
        "channel": access.channel_commands,
        "client": access.client_commands,
        "data": data.commands,
        "webhook": webhooks.commands,
        "audit": audit.commands,
    }
    for name, commands in groups.items():
        cli.add_typer(commands, name=name)
