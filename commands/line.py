"""Puts the groups of commands together."""

import typer

from commands import access, claims, data, demo, documents, risk, rule_changes, rule_checks, rule_parameters, rule_versions, rules, running


def command_line() -> typer.Typer:
    """Make the whole command line."""
    cli = typer.Typer(
        help="Mingbai 明白: a claim pays itself within a minute, and can say why.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        add_completion=False,
    )
    cli.command("demo")(demo.demo_command)
    cli.command("serve")(running.serve_command)
    cli.command("worker")(running.worker_command)
    cli.command("doctor")(running.doctor_command)
    for more in (rule_checks, rule_versions, rule_changes, rule_parameters):
        rules.commands.add_typer(more.commands)
    groups = {
        "rules": rules.commands,
        "ocr": documents.commands,
        "risk": risk.commands,
        "claim": claims.commands,
        "staff": access.staff_commands,
        "client": access.client_commands,
        "data": data.commands,
    }
    for name, commands in groups.items():
        cli.add_typer(commands, name=name)
    return cli
