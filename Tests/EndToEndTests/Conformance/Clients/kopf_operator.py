"""A small operator written with kopf, and what must come of it. Usage: kopf_operator.py KUBECONFIG

The operator keeps a ConfigMap for each Greeting, tells its state in the status, and holds deletion by its finalizer.
"""
import asyncio
import os
import sys
import threading
import uuid

os.environ["KUBECONFIG"] = sys.argv[1]

import kopf
from kubernetes import client, config
from kubernetes.client.exceptions import ApiException

from scenarios import Scenarios, eventually, expect

config.load_kube_config(sys.argv[1])
core = client.CoreV1Api()
custom = client.CustomObjectsApi()
group = f"greetings-{uuid.uuid4().hex[:6]}.example.com"
scenario = Scenarios()


@kopf.on.startup()
def settings(settings, **_):
    settings.posting.enabled = True
    settings.persistence.finalizer = f"{group}/kopf"


@kopf.on.create(group, "v1", "greetings")
def created(spec, name, namespace, patch, body, **_):
    owner = {"apiVersion": f"{group}/v1", "kind": "Greeting", "name": name, "uid": body["metadata"]["uid"]}
    core.create_namespaced_config_map(namespace, {
        "metadata": {"name": name, "ownerReferences": [owner]}, "data": {"text": spec["text"]}})
    patch.status["phase"] = "Greeted"
    kopf.info(body, reason="Greeted", message="said what it was told to say")
    return {"map": name}


@kopf.on.update(group, "v1", "greetings", field="spec.text")
def changed(new, name, namespace, patch, **_):
    core.patch_namespaced_config_map(name, namespace, {"data": {"text": new}})
    patch.status["phase"] = "Changed"


@kopf.on.delete(group, "v1", "greetings")
def removed(name, namespace, **_):
    core.delete_namespaced_config_map(name, namespace)


def gone(action):
    try:
        action()
        return False
    except ApiException as error:
        return error.status == 404


@scenario
def an_operator(namespace):
    definitions = client.ApiextensionsV1Api()
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": f"greetings.{group}"},
        "spec": {
            "group": group, "scope": "Namespaced", "names": {"plural": "greetings", "kind": "Greeting"},
            "versions": [{
                "name": "v1", "served": True, "storage": True, "subresources": {"status": {}},
                "schema": {"openAPIV3Schema": {"type": "object", "properties": {
                    "spec": {"type": "object", "properties": {"text": {"type": "string"}}},
                    "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}}}}]}}
    definitions.create_custom_resource_definition(definition)
    stop = threading.Event()
    ready = threading.Event()
    operator = threading.Thread(
        target=lambda: asyncio.run(kopf.operator(
            namespaces=[namespace], ready_flag=ready, stop_flag=stop, standalone=True)), daemon=True)
    try:
        eventually("the definition is established", lambda: any(
            c.type == "Established" and c.status == "True"
            for c in definitions.read_custom_resource_definition(f"greetings.{group}").status.conditions or []))
        operator.start()
        expect(ready.wait(20), "the operator did not become ready")
        greeting = {"apiVersion": f"{group}/v1", "kind": "Greeting", "metadata": {"name": "g"}, "spec": {"text": "hi"}}
        custom.create_namespaced_custom_object(group, "v1", namespace, "greetings", greeting)

        def phase():
            read = custom.get_namespaced_custom_object(group, "v1", namespace, "greetings", "g")
            return read.get("status", {}).get("phase")

        eventually("it is greeted", lambda: phase() == "Greeted")
        expect(core.read_namespaced_config_map("g", namespace).data == {"text": "hi"}, "the map")
        read = custom.get_namespaced_custom_object(group, "v1", namespace, "greetings", "g")
        expect(read["metadata"]["finalizers"] == [f"{group}/kopf"], f"{read['metadata']}")
        custom.patch_namespaced_custom_object(group, "v1", namespace, "greetings", "g", {"spec": {"text": "ho"}})
        eventually("it is changed", lambda: phase() == "Changed")
        expect(core.read_namespaced_config_map("g", namespace).data == {"text": "ho"}, "the map")
        eventually("an event tells of it", lambda: core.list_namespaced_event(
            namespace, field_selector="involvedObject.kind=Greeting,reason=Greeted").items)
        custom.delete_namespaced_custom_object(group, "v1", namespace, "greetings", "g")
        eventually("it is gone", lambda: gone(
            lambda: custom.get_namespaced_custom_object(group, "v1", namespace, "greetings", "g")))
        expect(gone(lambda: core.read_namespaced_config_map("g", namespace)), "the map is left")
    finally:
        stop.set()
        operator.join(20)
        definitions.delete_custom_resource_definition(f"greetings.{group}")


scenario.run(
    lambda name: core.create_namespace(client.V1Namespace(metadata=client.V1ObjectMeta(name=name))),
    core.delete_namespace)
