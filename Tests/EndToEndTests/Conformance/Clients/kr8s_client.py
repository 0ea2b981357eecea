"""kr8s through part of the scenario table. Usage: kr8s_client.py KUBECONFIG [SCENARIO ...]"""
import socket
import sys

import httpx
import kr8s
from kr8s.objects import ConfigMap, Deployment, Namespace, Node, Pod, new_class

from scenarios import Scenarios, Skipped, eventually, expect

api = kr8s.api(kubeconfig=sys.argv[1])
scenario = Scenarios()


def config_map(name, namespace, data=None, labels=None):
    metadata = {"name": name, "namespace": namespace, "labels": labels or {}}
    return ConfigMap({"metadata": metadata, "data": data or {}}, api=api)


@scenario
def objects(namespace):
    one = config_map("one", namespace, {"a": "1"})
    one.create()
    one.patch({"data": {"b": "2"}})
    read = ConfigMap.get("one", namespace=namespace, api=api)
    expect(read.data.to_dict() == {"a": "1", "b": "2"}, f"{read.raw}")
    read.label({"x": "y"})
    read.annotate({"n": "1"})
    expect(ConfigMap.get("one", namespace=namespace, api=api).labels == {"x": "y"}, "label")
    read.delete()
    eventually("it is gone", lambda: not read.exists())
    try:
        ConfigMap.get("one", namespace=namespace, api=api, timeout=1)
        raise AssertionError("it is still found")
    except kr8s.NotFoundError:
        pass


@scenario
def selectors(namespace):
    for index in range(4):
        config_map(f"m{index}", namespace, labels={"parity": str(index % 2)}).create()
    names = sorted(o.name for o in api.get("configmaps", namespace=namespace, label_selector={"parity": "1"}))
    expect(names == ["m1", "m3"], f"{names}")
    names = [o.name for o in api.get("configmaps", namespace=namespace, field_selector={"metadata.name": "m2"})]
    expect(names == ["m2"], f"{names}")


@scenario
def watching(namespace):
    config_map("w", namespace, {"a": "1"}).create()
    seen = []
    for kind, found in api.watch("configmaps", namespace=namespace, field_selector={"metadata.name": "w"}):
        seen.append((kind, found.raw["data"]["a"]))
        if kind == "ADDED":
            ConfigMap.get("w", namespace=namespace, api=api).patch({"data": {"a": "2"}})
        elif kind == "MODIFIED":
            ConfigMap.get("w", namespace=namespace, api=api).delete()
        elif kind == "DELETED":
            break
    expect(seen == [("ADDED", "1"), ("MODIFIED", "2"), ("DELETED", "2")], f"{seen}")


@scenario
def custom_resources(namespace):
    group = f"{namespace}.example.com"
    CustomResourceDefinition = new_class(
        kind="CustomResourceDefinition", version="apiextensions.k8s.io/v1", namespaced=False,
        plural="customresourcedefinitions")
    definition = CustomResourceDefinition({
        "metadata": {"name": f"gadgets.{group}"},
        "spec": {
            "group": group, "scope": "Namespaced", "names": {"plural": "gadgets", "kind": "Gadget"},
            "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {
                "type": "object", "x-kubernetes-preserve-unknown-fields": True}}}]}}, api=api)
    definition.create()
    try:
        definition.wait("condition=Established", timeout=20)
        Gadget = new_class(kind="Gadget", version=f"{group}/v1", namespaced=True, plural="gadgets")
        gadget = Gadget({"metadata": {"name": "g", "namespace": namespace}, "spec": {"any": [1, 2]}}, api=api)
        gadget.create()
        found = list(api.get(f"gadgets.{group}", namespace=namespace))
        expect([g.raw["spec"]["any"] for g in found] == [[1, 2]], f"{found}")
    finally:
        definition.delete()


def node_is_ready():
    for node in api.get("nodes"):
        if any(c["type"] == "Ready" and c["status"] == "True" for c in node.status.get("conditions", [])):
            return
    raise Skipped("no node is ready")


def box(namespace, script):
    node_is_ready()
    pod = Pod({
        "metadata": {"name": "box", "namespace": namespace},
        "spec": {"terminationGracePeriodSeconds": 1, "containers": [
            {"name": "main", "image": "busybox", "command": ["sh", "-c", script]}]}}, api=api)
    pod.create()
    pod.wait("condition=Ready", timeout=30)
    return pod


@scenario
def logs(namespace):
    pod = box(namespace, "echo one; echo two; exec sleep 100000")
    eventually("both lines", lambda: list(pod.logs()) == ["one", "two"])


@scenario
def execution(namespace):
    pod = box(namespace, "exec sleep 100000")
    done = pod.exec(["sh", "-c", "echo out; echo err >&2"])
    expect(done.stdout == b"out\n" and done.stderr == b"err\n" and done.returncode == 0, f"{done}")
    failed = pod.exec(["sh", "-c", "exit 4"], check=False)
    expect(failed.returncode == 4, f"{failed}")


def free_port():
    """The choice of kr8s itself is any number, also one that is taken."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@scenario
def port_forward(namespace):
    node_is_ready()
    server = ("import http.server, os; http.server.HTTPServer((os.environ['POD_IP'], 8000), "
              "http.server.SimpleHTTPRequestHandler).serve_forever()")
    pod = Pod({
        "metadata": {"name": "web", "namespace": namespace},
        "spec": {"terminationGracePeriodSeconds": 1, "containers": [{
            "name": "main", "image": "python", "command": ["python3", "-c", server],
            "env": [{"name": "POD_IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}],
            "readinessProbe": {"tcpSocket": {"port": 8000}, "periodSeconds": 1}}]}}, api=api)
    pod.create()
    pod.wait("condition=Ready", timeout=30)
    with pod.portforward(remote_port=8000, local_port=free_port()) as port:
        expect(httpx.get(f"http://127.0.0.1:{port}/", timeout=10).status_code == 200, "no answer through the tunnel")


@scenario
def scale(namespace):
    deployment = Deployment({
        "metadata": {"name": "d", "namespace": namespace},
        "spec": {"replicas": 0, "selector": {"matchLabels": {"app": "d"}}, "template": {
            "metadata": {"labels": {"app": "d"}},
            "spec": {"containers": [{"name": "main", "image": "busybox", "command": ["sleep", "1000"]}]}}}}, api=api)
    deployment.create()
    deployment.patch({"spec": {"replicas": 0, "paused": True}})
    expect(Deployment.get("d", namespace=namespace, api=api).raw["spec"]["paused"] is True, "patch")


def make(name):
    Namespace({"metadata": {"name": name}}, api=api).create()


def drop(name):
    Namespace.get(name, api=api).delete()


_ = Node  # registered so that `api.get("nodes")` gives objects of its kind
scenario.run(make, drop)
