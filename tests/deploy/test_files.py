"""What deploy/ and its pages say fits together: names, ports, labels, paths, options.

Nothing is started here: tests/classroom runs deploy/classroom; for deploy/kubernetes, see the last
section of docs/kubernetes.md.
"""

import csv
import json
import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, PyFileConfigLoader

from autograder.grade.course import COURSE_ID

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
PAGES = [ROOT / "docs" / "classroom.md", ROOT / "docs" / "kubernetes.md"]
#: The keys of the chart's values that its schema has, as far as they are used here.
CHART = {
    "hub": {"config", "extraFiles", "services", "loadRoles"},
    "proxy": {"https"},
    "singleuser": {
        *("image", "cmd", "defaultUrl", "startTimeout", "memory", "cpu", "uid", "fsGid", "storage")
    },
}


# One machine


@pytest.fixture(scope="module")
def hub():
    """JupyterHub's classes, imported only where they are looked at: it takes seconds."""
    from jupyterhub.app import JupyterHub
    from jupyterhub.auth import DummyAuthenticator
    from jupyterhub.spawner import Spawner

    return SimpleNamespace(
        JupyterHub=JupyterHub, DummyAuthenticator=DummyAuthenticator, Spawner=Spawner
    )


def test_the_hub_is_configured_by_traits_that_exist(hub):
    config = load(DEPLOY / "classroom" / "jupyterhub_config.py")
    assert_traits_exist(config.JupyterHub, hub.JupyterHub)
    assert_traits_exist(config.Authenticator, hub.DummyAuthenticator)
    assert_traits_exist(config.Spawner, hub.Spawner)


def test_those_on_the_roster_may_come_in():
    config = load(DEPLOY / "classroom" / "jupyterhub_config.py")
    with open(DEPLOY / "classroom" / "roster.csv", newline="") as file:
        students = {line["id"] for line in csv.DictReader(file)}
    assert config.Authenticator.allowed_users == {"instructor"} | students


@pytest.mark.parametrize("name, role", [("instructor", "instructor"), ("student1", "student")])
def test_each_role_has_its_configuration(name, role):
    config = load(DEPLOY / "classroom" / "jupyterhub_config.py")
    spawner = SimpleNamespace(user=SimpleNamespace(name=name))
    folders = config.Spawner.environment["JUPYTER_CONFIG_PATH"](spawner).split(":")
    assert [Path(folder).name for folder in folders] == [role, "everyone"]
    assert all(Path(folder).is_dir() for folder in folders)


@pytest.mark.parametrize("role", ["everyone", "instructor", "student"])
def test_nbgrader_is_configured_by_traits_that_exist(role, monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "student1")
    config = load(DEPLOY / "classroom" / "etc" / role / "nbgrader_config.py")
    assert_traits_exist(config.CourseDirectory, CourseDirectory)
    assert config.CourseDirectory.get("course_id", COURSE_ID) == COURSE_ID


@pytest.mark.parametrize("path", sorted(DEPLOY.rglob("*.json")), ids=lambda path: path.name)
def test_json_can_be_read(path):
    assert json.loads(path.read_text())


def test_the_page_names_the_proxy_that_is_tried():
    package = json.loads((ROOT / "tests" / "classroom" / "package.json").read_text())
    version = package["dependencies"]["configurable-http-proxy"]
    assert f"configurable-http-proxy@{version}" in PAGES[0].read_text()


# Kubernetes


@cache
def objects():
    """Return what the files for Kubernetes hold, {(kind, name): object}."""
    files = [path for path in KUBERNETES.glob("*.yaml") if path.name != "values.yaml"]
    found = [each for path in files for each in yaml.safe_load_all(path.read_text())]
    named = {(each["kind"], each["metadata"]["name"]): each for each in found}
    assert len(named) == len(found)
    return named


def pods():
    return {
        name: each["spec"]["template"]
        for (kind, name), each in objects().items()
        if kind in ("Deployment", "StatefulSet")
    }


def values():
    return yaml.safe_load((KUBERNETES / "values.yaml").read_text())


def test_every_service_leads_to_a_port_of_a_pod():
    services = [each["spec"] for (kind, _), each in objects().items() if kind == "Service"]
    assert len(services) == 3
    for service in services:
        (pod,) = [each for each in pods().values() if has(each, service["selector"])]
        ports = {port["containerPort"] for port in pod["spec"]["containers"][0]["ports"]}
        assert {port["port"] for port in service["ports"]} == ports


def has(pod, labels):
    return labels.items() <= pod["metadata"]["labels"].items()


def test_selectors_select_their_own_pods():
    for name, pod in pods().items():
        owner = objects().get(("Deployment", name)) or objects()["StatefulSet", name]
        assert has(pod, owner["spec"]["selector"]["matchLabels"])


def test_policies_speak_of_pods_that_exist():
    known = [pod["metadata"]["labels"] for pod in pods().values()]
    known += [{"keras-shapes/role": "instructor"}]  # by hub.py
    known += [{"app": "jupyterhub", "component": name} for name in ("hub", "proxy")]  # the chart's
    selectors = list(
        pod_selectors(
            [each["spec"] for (kind, _), each in objects().items() if kind == "NetworkPolicy"]
        )
    )
    assert len(selectors) > 10
    assert [s for s in selectors if not any(s.items() <= each.items() for each in known)] == []


def pod_selectors(part):
    if isinstance(part, dict):
        if "podSelector" in part:
            yield part["podSelector"]["matchLabels"]
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from pod_selectors(each)


def test_no_pod_gains_rights_or_speaks_to_the_cluster():
    for pod in pods().values():
        assert pod["spec"]["automountServiceAccountToken"] is False
        for container in pod["spec"]["containers"]:
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False
            assert context["capabilities"] == {"drop": ["ALL"]}


def test_only_workers_and_instructors_may_make_namespaces():
    hub = run_hub()
    for name, pod in pods().items():
        context = pod["spec"]["containers"][0]["securityContext"]
        if name == "dask-worker":
            assert context == hub["MAY_MAKE_NAMESPACES"]
            assert pod["spec"]["hostUsers"] is False
        else:
            assert pod["spec"]["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}


def run_hub():
    hub = {"get_config": Config}
    exec(compile((KUBERNETES / "hub.py").read_text(), "hub.py", "exec"), hub)
    return hub


@pytest.mark.parametrize("name, role", [("instructor", "instructor"), ("student1", "student")])
def test_the_hub_prepares_each_role(name, role):
    spawner = SimpleNamespace(
        user=SimpleNamespace(name=name),
        environment={},
        extra_labels={"a": "b"},
        extra_pod_config={},
    )
    run_hub()["c"].Spawner.pre_spawn_hook(spawner)
    assert spawner.extra_labels == {"a": "b", "keras-shapes/role": role}
    first, second = spawner.environment["JUPYTER_CONFIG_PATH"].split(":")
    for folder in (first, second):
        assert (DEPLOY / "classroom" / "etc" / Path(folder).name).is_dir()
    assert Path(first).name == role
    assert ("GRADEBOOK" in spawner.environment) == (role == "instructor")
    assert hasattr(spawner, "container_security_context") == (role == "instructor")


def test_values_have_the_charts_keys():
    found = values()
    assert found.keys() == CHART.keys()
    assert all(found[key].keys() <= CHART[key] for key in found)


def test_values_configure_traits_that_exist(hub):
    config = values()["hub"]["config"]
    config["JupyterHub"].pop("authenticator_class")
    assert_traits_exist(config["JupyterHub"], hub.JupyterHub)
    assert_traits_exist(config["DummyAuthenticator"], hub.DummyAuthenticator)
    assert_traits_exist(config["Authenticator"], hub.DummyAuthenticator)
    assert run_hub()["INSTRUCTORS"] < set(config["Authenticator"]["allowed_users"])


def test_ngshare_is_where_everybody_looks_for_it():
    service = values()["hub"]["services"]["ngshare"]
    port = objects()["Service", "ngshare"]["spec"]["ports"][0]["port"]
    assert service["url"] == f"http://ngshare:{port}"
    env = {e["name"]: e for e in pods()["ngshare"]["spec"]["containers"][0]["env"]}
    prefix = env["JUPYTERHUB_SERVICE_PREFIX"]["value"]
    assert env["JUPYTERHUB_SERVICE_URL"]["value"].endswith(f":{port}")
    secret = env["JUPYTERHUB_API_TOKEN"]["valueFrom"]["secretKeyRef"]
    assert secret == {"name": "hub", "key": "hub.services.ngshare.apiToken"}
    client = (KUBERNETES / "etc" / "everyone" / "nbgrader_config.py").read_text()
    assert f"http://proxy-public{prefix.rstrip('/')}" in client
    assert f'"{COURSE_ID}"' in client


def test_one_image_but_for_the_exchange_and_the_database():
    image = values()["singleuser"]["image"]
    ours = f"{image['name']}:{image['tag']}"
    images = {name: pod["spec"]["containers"][0]["image"] for name, pod in pods().items()}
    assert images["dask-scheduler"] == images["dask-worker"] == ours
    assert images["ngshare"] == ours.replace("keras-shapes", "keras-shapes-ngshare")
    page = PAGES[1].read_text()
    assert all(f"-t {images[name]} ." in page for name in ("dask-worker", "ngshare"))


@pytest.mark.parametrize("path", sorted(DEPLOY.rglob("Dockerfile")), ids=lambda p: p.parent.name)
def test_images_are_built_of_files_that_exist(path):
    copied = re.findall(r"^COPY (.+) \S+$", path.read_text(), re.M)
    assert copied
    assert not [name for line in copied for name in line.split() if not (ROOT / name).exists()]


def test_no_lesson_comes_into_an_image():
    """It is in every student's reach."""
    for path in DEPLOY.rglob("Dockerfile"):
        copied = " ".join(re.findall(r"^(?:COPY|ADD) (.+)$", path.read_text(), re.M)).split()
        assert not {"solutions", "notebooks", "tests", "."} & set(copied[:-1])


# Pages


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)\s]+)\)", page.read_text())
    here = [link.split("#")[0] for link in links if not link.startswith("http")]
    assert here
    assert [link for link in here if not (page.parent / link).exists()] == []


def test_the_page_names_every_file():
    page = PAGES[1].read_text()
    files = [path.name for path in KUBERNETES.iterdir() if path.is_file()]
    assert [name for name in files if f"`{name}`" not in page] == []


def load(path):
    return PyFileConfigLoader(path.name, path=str(path.parent)).load_config()


def assert_traits_exist(section, kind):
    assert set(section) <= set(kind.class_trait_names(config=True))
