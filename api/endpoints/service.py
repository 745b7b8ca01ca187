"""For those who run it: is it alive, is it ready, how much is waiting, and the OpenAPI description.

Nothing here names a person; still, a proxy should keep /metrics inside the insurer's network.
"""

from collections.abc import Mapping
from dataclasses import asdict

from flask import Response, current_app, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.openapi import OpenAPI
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from adjudicator.challenging import Challenger
from adjudicator.china_time import today
from adjudicator.serving import ServingModel
from adjudicator.worker_processes import Staffing
from api.context import the_settings, the_system
from api.endpoints.openapi import SERVICE, problems
from api.guard import open_to_all
from domain.errors import UnavailableError
from domain.finding import Severity
from storage import reminders
from storage.claims import count_by_state
from storage.clocks import count_clocks
from storage.messages import count_messages
from storage.migrate import is_up_to_date
from storage.payouts import count_in_flight
from storage.reconciliations import last_reconciliation
from storage.risk_watch import Figures, list_figures
from storage.tasks import backlog

blueprint = APIBlueprint("service", __name__, abp_tags=[SERVICE])


@blueprint.get("/healthz")
@open_to_all
def is_alive() -> Response:
    """Tell that the process answers, and how the worker processes stand that it keeps; while one is away, claims are taken and wait."""
    staffing = the_settings().staffing()
    return jsonify(status="ok", **({"worker_processes": asdict(staffing)} if staffing.wanted else {}))


@blueprint.get("/readyz", responses=problems(500))
@open_to_all
def is_ready() -> tuple[Response, int]:
    """Tell whether claims can be taken: the database answers and has seen every migration, and the process is not about to end."""
    if the_settings().is_stopping():
        return jsonify(status="this process is about to end"), 503
    try:
        ready = is_up_to_date(the_system().database)
    except UnavailableError as error:
        return jsonify(status=error.what), 503
    return jsonify(status="ready" if ready else "the database waits for migrations"), 200 if ready else 503


@blueprint.get("/metrics")
@open_to_all
def metrics() -> Response:
    """Give the figures of the queue in Prometheus' text format."""
    with the_system().database.read() as tx:
        states, waiting, clocks, messages = count_by_state(tx), backlog(tx), count_clocks(tx), count_messages(tx)
        payments, compared = count_in_flight(tx), last_reconciliation(tx)
        reminded, skipped = reminders.count_of_day(tx, today(tx)), reminders.skipped_on(tx, today(tx))
        watched = {kind: list_figures(tx, kind, 1) for kind in ("day", "week", "month")}
    registry = CollectorRegistry()
    by_state = Gauge("mingbai_claims", "Claims by state", ["state"], registry=registry)
    for state, count in states.items():
        by_state.labels(state=state).set(count)
    Gauge("mingbai_tasks_open", "Tasks that wait for a worker", registry=registry).set(waiting.open)
    Gauge("mingbai_tasks_dead", "Tasks that failed for good and wait for a person", registry=registry).set(waiting.dead)
    Gauge("mingbai_task_oldest_age_seconds", "Age of the oldest task that could be done now", registry=registry).set(
        waiting.oldest_age_ms / 1000
    )
    Gauge("mingbai_clocks_running", "Promises that are to be kept", registry=registry).set(clocks.running)
    Gauge("mingbai_clocks_at_risk", "Promises of which less than a fifth of the time is left", registry=registry).set(clocks.at_risk)
    Gauge("mingbai_clocks_missed", "Promises that were missed and still wait", registry=registry).set(clocks.breached)
    flying = Gauge("mingbai_payouts", "Payment orders whose money may yet move", ["state"], registry=registry)
    for payment, count in payments.items():
        flying.labels(state=payment).set(count)
    if compared:
        doubts = sum(each.severity is Severity.DOUBT for each in compared.findings)
        Gauge("mingbai_reconciliation_differences", "Differences of the last comparison with the bank", registry=registry).set(doubts)
        Gauge("mingbai_reconciliation_seconds", "When the bank's statement was last compared", registry=registry).set(
            compared.done_ms / 1000
        )
    outbox = Gauge("mingbai_messages", "Messages that no gateway has taken yet, and those given up", ["status"], registry=registry)
    for status, count in messages.items():
        outbox.labels(status=status).set(count)
    told = Gauge("mingbai_reminders_today", "Reminders told today in China; way off: not wanted", ["kind", "way"], registry=registry)
    for (kind, way), count in reminded.items():
        told.labels(kind=kind, way=way or "off").set(count)
    Gauge("mingbai_reminders_skipped_today", "Policies whose figures could not be worked out", registry=registry).set(skipped)
    _add_staffing(registry, the_settings().staffing())
    _add_model(registry, the_system().serving, the_system().challenger)
    _add_risk(registry, watched)
    return Response(generate_latest(registry), mimetype=None, content_type=CONTENT_TYPE_LATEST)


def _add_staffing(registry: CollectorRegistry, staffing: Staffing) -> None:
    """Add how the worker processes stand that this process keeps; nothing where it keeps none."""
    if staffing.wanted:
        processes = Gauge("mingbai_worker_processes", "Worker processes of this server", ["state"], registry=registry)
        processes.labels(state="wanted").set(staffing.wanted)
        processes.labels(state="at_work").set(staffing.at_work)
        deaths = Gauge("mingbai_worker_process_deaths", "How often one ended that nobody had told to, since the start", registry=registry)
        deaths.set(staffing.deaths)


def _add_model(registry: CollectorRegistry, serving: ServingModel, challenger: Challenger | None) -> None:
    """Add which risk model scores in this process, whether it is another than the one put in force last, whether its shadow is silent."""
    Gauge("mingbai_risk_model", "The risk model that scores in this process", ["model"], registry=registry).labels(model=serving.name).set(
        1
    )
    held_back = Gauge("mingbai_risk_model_held_back", "1 while the model put in force last cannot be taken over", registry=registry)
    held_back.set(bool(serving.fault))
    silent = Gauge("mingbai_risk_challenger_silent", "1 while the model in the shadow fails or is too slow", registry=registry)
    silent.set(bool(challenger and challenger.fault))


def _add_risk(registry: CollectorRegistry, watched: Mapping[str, tuple[Figures, ...]]) -> None:
    """Add what was last watched of the risk model; a figure that few claims leave untold is left out."""
    for name, kind, help_ in (
        ("score_psi", "day", "How far yesterday's scores lie from those the model learnt (PSI)"),
        ("calibration_error", "week", "Mean distance between the probabilities told and what came"),
        ("audited_recall", "week", "Share of all fraud that was caught, by random audits"),
        ("missed_frauds", "week", "Frauds that went straight through in ninety days, by random audits"),
    ):
        for latest in watched[kind]:
            found = latest.figures.get(name)
            if found is not None:
                Gauge(f"mingbai_risk_{name}", help_, registry=registry).set(found["value"] if isinstance(found, dict) else found)
    for latest in watched["day"]:
        inputs = Gauge("mingbai_risk_input_psi", "How far yesterday's inputs lie from those the model learnt", ["input"], registry=registry)
        for name, psi in latest.figures.get("psi", {}).items():
            inputs.labels(input=name).set(psi)
    for latest in watched["month"]:
        ratio = Gauge("mingbai_risk_false_positive_ratio", "Honest claims stopped, beside all honest ones", ["slice"], registry=registry)
        for each in latest.figures.get("slices", ()):
            ratio.labels(slice=each["slice"]).set(each["ratio"])


@blueprint.get("/openapi.json", doc_ui=False)
@open_to_all
def description() -> Response:
    """Give the OpenAPI 3.1 description of the whole API."""
    app = current_app
    return jsonify(app.api_doc if isinstance(app, OpenAPI) else {})
