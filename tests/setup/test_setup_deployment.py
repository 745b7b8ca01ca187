"""deploy/: what it names exists, here and in itself. Nothing is started."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from werkzeug.routing import Rule

from adjudicator.settings import Config, read_config
from api.settings import ApiSettings
from api.web import create_app
from domain.errors import SetupError
from setup import machine

DEPLOY = Path(__file__).parents[2] / "deploy"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
INSIDE = {"/metrics", "/healthz", "/readyz"}


def loaded(path: Path) -> list[Any]:
    return list(YAML(typ="safe", pure=True).load_all(path.read_text()))


def manifests(kind: str) -> Iterator[dict[str, Any]]:
    for path in MANIFESTS:
        yield from (each for each in loaded(path) if each["kind"] == kind)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the containers are given."""
    for name, value in {"MINGBAI_BROKER_PASSWORD": "geheim", "MINGBAI_WORKERS": "0", "MINGBAI_BANK_URL": "https://bank.example"}.items():
        monkeypatch.setenv(name, value)


def config_of(folder: str, tmp_path: Path) -> Config:
    if folder == "compose":
        return read_config(DEPLOY / "config.yaml")
    (settings,) = manifests("ConfigMap")
    (tmp_path / "config.yaml").write_text(settings["data"]["config.yaml"])
    return read_config(tmp_path / "config.yaml")


@pytest.mark.parametrize("folder", ["compose", "kubernetes"])
def test_the_settings_of_containers_exist(folder: str, tmp_path: Path, environment: None) -> None:
    config = config_of(folder, tmp_path)
    assert (config.broker, config.workers) == ("amqp://mingbai:geheim@rabbitmq:5672/", 0)
    home = DEPLOY.parent
    for path in (config.books, config.routing, config.risk_model):
        assert (home / path.relative_to("/opt/mingbai")).exists()


def test_a_word_that_the_environment_lacks_is_named(environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MINGBAI_BROKER_PASSWORD")
    with pytest.raises(SetupError, match="MINGBAI_BROKER_PASSWORD is not set"):
        read_config(DEPLOY / "config.yaml")


def test_a_stage_has_longer_to_end_than_its_lease(environment: None, tmp_path: Path) -> None:
    for each in manifests("Deployment"):
        if each["metadata"]["name"] != "rabbitmq":
            grace = each["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
            assert grace > config_of("kubernetes", tmp_path).limits.lease_seconds
    (compose,) = loaded(DEPLOY / "compose.yaml")
    grace = int(compose["x-mingbai"]["stop_grace_period"].removesuffix("s"))
    assert grace > read_config(DEPLOY / "config.yaml").limits.lease_seconds


def test_every_route_but_those_of_operators_is_open_to_the_outside() -> None:
    (ingress,) = manifests("Ingress")
    open_ones = [(each["path"], each["pathType"]) for each in ingress["spec"]["rules"][0]["http"]["paths"]]

    def is_open(rule: Rule) -> bool:
        return any(rule.rule == path or (kind == "Prefix" and rule.rule.startswith(f"{path}/")) for path, kind in open_ones)

    app = create_app(None, ApiSettings("k" * 32))  # type: ignore[arg-type]  # no request is made
    assert {each.rule for each in app.url_map.iter_rules() if not is_open(each)} == INSIDE


def test_what_manifests_name_is_there() -> None:
    (kustomization,) = loaded(DEPLOY / "kubernetes/kustomization.yaml")
    assert sorted(kustomization["resources"]) == sorted(path.name for path in MANIFESTS if path.name != "kustomization.yaml")
    deployed = {each["metadata"]["name"]: each["spec"]["template"] for each in manifests("Deployment")}
    for kind in ("Service", "PodDisruptionBudget"):
        for each in manifests(kind):
            chosen = each["spec"]["selector"].get("matchLabels", each["spec"]["selector"])
            assert chosen == deployed[each["metadata"]["name"]]["metadata"]["labels"]
    named = {volume["persistentVolumeClaim"]["claimName"] for each in deployed.values() for volume in each["spec"]["volumes"]
             if "persistentVolumeClaim" in volume}  # fmt: skip
    assert named == {each["metadata"]["name"] for each in manifests("PersistentVolumeClaim")}


def test_services_of_compose_wait_for_services_that_are_there() -> None:
    (compose,) = loaded(DEPLOY / "compose.yaml")
    services = compose["services"]
    assert services.keys() == {"postgres", "rabbitmq", "web", "worker"}
    for name in ("web", "worker"):
        assert services[name]["depends_on"].keys() <= services.keys()
        assert set(services[name]["secrets"]) == compose["secrets"].keys()
    assert services["web"]["environment"]["MINGBAI_WORKERS"] == "0"


def test_the_image_brings_every_system_package_that_running_needs() -> None:
    words = set((DEPLOY / "Dockerfile").read_text().split())
    needed = {package for need in machine.list_needs() if need.stage == "run" for package in need.apt}
    assert needed <= words


def test_the_image_holds_every_room() -> None:
    taken = {line.removeprefix("!") for line in (DEPLOY.parent / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    rooms = {path.parent.name for path in DEPLOY.parent.glob("*/__init__.py")} - {"tests", "bench"}
    assert rooms | {"app.py"} <= taken
