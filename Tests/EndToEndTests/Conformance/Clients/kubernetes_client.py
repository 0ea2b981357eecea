"""The official Python client through the scenario table. Usage: kubernetes_client.py KUBECONFIG [SCENARIO ...]"""
import datetime
import socket
import sys

from kubernetes import client, config, dynamic, watch
from kubernetes.client.exceptions import ApiException
from kubernetes.stream import portforward, stream

from scenarios import Scenarios, Skipped, eventually, expect

config.load_kube_config(sys.argv[1])
api = client.ApiClient()
core = client.CoreV1Api()
apps = client.AppsV1Api()
custom = client.CustomObjectsApi()
scenario = Scenarios()


def refused(code, action):
    """The answer of a request that must fail with a status."""
    try:
        action()
    except ApiException as error:
        expect(error.status == code, f"expected {code}, got {error.status}: {error.body}")
        return api.deserialize(client_response(error.body), "object", None) if error.body else {}
    raise AssertionError(f"expected {code}, and it was done")


def client_response(body):
    return body if isinstance(body, str) else body.decode()


def config_map(name, data=None, **metadata):
    return client.V1ConfigMap(metadata=client.V1ObjectMeta(name=name, **metadata), data=data or {})


def deployment(name, replicas=1):
    labels = {"app": name}
    container = client.V1Container(
        name="main", image="busybox", command=["sh", "-c", "echo started; exec sleep 100000"],
        ports=[client.V1ContainerPort(container_port=8080)])
    return client.V1Deployment(
        metadata=client.V1ObjectMeta(name=name),
        spec=client.V1DeploymentSpec(
            replicas=replicas, selector=client.V1LabelSelector(match_labels=labels),
            template=client.V1PodTemplateSpec(
                metadata=client.V1ObjectMeta(labels=labels), spec=client.V1PodSpec(containers=[container]))))


@scenario
def objects(namespace):
    made = core.create_namespaced_config_map(namespace, config_map("one", {"a": "1"}, labels={"x": "y"}))
    expect(made.metadata.uid and made.metadata.resource_version, "no uid or version")
    read = core.read_namespaced_config_map("one", namespace)
    expect(read.data == {"a": "1"} and read.metadata.labels == {"x": "y"}, f"read {read}")
    read.data["b"] = "2"
    written = core.replace_namespaced_config_map("one", namespace, read)
    expect(int(written.metadata.resource_version) > int(made.metadata.resource_version), "the version did not rise")
    refused(409, lambda: core.create_namespaced_config_map(namespace, config_map("one")))
    core.delete_namespaced_config_map("one", namespace)
    answer = refused(404, lambda: core.read_namespaced_config_map("one", namespace))
    expect(answer["reason"] == "NotFound" and answer["details"]["name"] == "one", f"status {answer}")


@scenario
def conflicts(namespace):
    core.create_namespaced_config_map(namespace, config_map("one", {"a": "1"}))
    first = core.read_namespaced_config_map("one", namespace)
    second = core.read_namespaced_config_map("one", namespace)
    first.data["a"] = "2"
    core.replace_namespaced_config_map("one", namespace, first)
    second.data["a"] = "3"
    answer = refused(409, lambda: core.replace_namespaced_config_map("one", namespace, second))
    expect(answer["reason"] == "Conflict", f"status {answer}")
    stale = client.V1DeleteOptions(
        preconditions=client.V1Preconditions(resource_version=second.metadata.resource_version))
    refused(409, lambda: core.delete_namespaced_config_map("one", namespace, body=stale))


@scenario
def selectors(namespace):
    for index in range(6):
        labels = {"parity": "even" if index % 2 == 0 else "odd", "n": str(index)}
        core.create_namespaced_config_map(namespace, config_map(f"m{index}", labels=labels))

    def names(**selection):
        return [o.metadata.name for o in core.list_namespaced_config_map(namespace, **selection).items
                if o.metadata.name.startswith("m")]

    expect(names(label_selector="parity=even") == ["m0", "m2", "m4"], "equality")
    expect(names(label_selector="n in (1,3), parity!=even") == ["m1", "m3"], "sets")
    expect(names(label_selector="n notin (0,1,2,3), parity") == ["m4", "m5"], "notin and exists")
    expect(names(field_selector="metadata.name=m3") == ["m3"], "field")
    refused(400, lambda: core.list_namespaced_config_map(namespace, field_selector="data.x=1"))


@scenario
def paging(namespace):
    for index in range(25):
        core.create_namespaced_config_map(namespace, config_map(f"page-{index:02}"))
    seen, token, versions, pages = [], None, set(), 0
    while True:
        page = core.list_namespaced_config_map(namespace, limit=10, _continue=token)
        versions.add(page.metadata.resource_version)
        seen += [o.metadata.name for o in page.items]
        pages += 1
        if pages == 1:
            # What changes meanwhile is not seen on later pages.
            core.create_namespaced_config_map(namespace, config_map("page-99"))
            core.delete_namespaced_config_map("page-24", namespace)
        token = page.metadata._continue
        if not token:
            break
    mine = [name for name in seen if name.startswith("page-")]
    expect(mine == [f"page-{i:02}" for i in range(25)], f"saw {mine}")
    expect(len(versions) == 1 and pages == 3, f"{pages} pages of versions {versions}")


@scenario
def watching(namespace):
    start = core.list_namespaced_config_map(namespace).metadata.resource_version
    core.create_namespaced_config_map(namespace, config_map("w", {"a": "1"}, labels={"in": "yes"}))
    core.patch_namespaced_config_map("w", namespace, {"data": {"a": "2"}})
    core.patch_namespaced_config_map("w", namespace, {"metadata": {"labels": {"in": "no"}}})
    core.delete_namespaced_config_map("w", namespace)
    seen = []
    for event in watch.Watch().stream(
            core.list_namespaced_config_map, namespace, resource_version=start, field_selector="metadata.name=w",
            timeout_seconds=10):
        seen.append((event["type"], event["object"].data.get("a")))
        if event["type"] == "DELETED":
            break
    expect(seen == [("ADDED", "1"), ("MODIFIED", "2"), ("MODIFIED", "2"), ("DELETED", "2")], f"saw {seen}")
    # To a watch with a selector, what leaves it is deleted.
    seen = []
    for event in watch.Watch().stream(
            core.list_namespaced_config_map, namespace, resource_version=start, label_selector="in=yes",
            timeout_seconds=10):
        seen.append(event["type"])
        if event["type"] == "DELETED":
            break
    expect(seen == ["ADDED", "MODIFIED", "DELETED"], f"saw {seen}")


@scenario
def too_old(namespace):
    core.create_namespaced_config_map(namespace, config_map("w"))
    refused(504, lambda: core.list_namespaced_config_map(
        namespace, resource_version="99999999999", resource_version_match="NotOlderThan", _request_timeout=10))


@scenario
def patches(namespace):
    apps.create_namespaced_deployment(namespace, deployment("p"))
    # Strategic merge: the list of containers is merged by name.
    strategic = {"spec": {"template": {"spec": {"containers": [
        {"name": "side", "image": "other"}, {"name": "main", "env": [{"name": "A", "value": "1"}]}]}}}}
    body = apps.patch_namespaced_deployment("p", namespace, strategic)
    containers = {c.name: c for c in body.spec.template.spec.containers}
    expect(set(containers) == {"main", "side"} and containers["main"].image == "busybox", f"containers {containers}")
    removed = {"spec": {"template": {"spec": {"containers": [{"name": "side", "$patch": "delete"}]}}}}
    body = apps.patch_namespaced_deployment("p", namespace, removed)
    expect([c.name for c in body.spec.template.spec.containers] == ["main"], "the container was not removed")

    resources = dynamic.DynamicClient(api)
    deployments = resources.resources.get(api_version="apps/v1", kind="Deployment")
    merged = deployments.patch(
        body={"metadata": {"annotations": {"a": "b"}}, "spec": {"replicas": 0}}, name="p", namespace=namespace,
        content_type="application/merge-patch+json")
    expect(merged.spec.replicas == 0 and merged.metadata.annotations.a == "b", "merge patch")
    operations = [
        {"op": "test", "path": "/spec/replicas", "value": 0}, {"op": "replace", "path": "/spec/replicas", "value": 1},
        {"op": "add", "path": "/metadata/labels", "value": {"k": "v"}}]
    patched = deployments.patch(
        body=operations, name="p", namespace=namespace, content_type="application/json-patch+json")
    expect(patched.spec.replicas == 1 and patched.metadata.labels.k == "v", "JSON patch")
    try:
        deployments.patch(
            body=operations, name="p", namespace=namespace, content_type="application/json-patch+json")
        raise AssertionError("a failed test must refuse the patch")
    except dynamic.exceptions.DynamicApiError as error:
        expect(error.status == 422, f"{error.status}")


@scenario
def apply(namespace):
    resources = dynamic.DynamicClient(api)
    maps = resources.resources.get(api_version="v1", kind="ConfigMap")

    def body(**data):
        return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": data}

    maps.server_side_apply(body=body(x="1", y="1"), name="a", namespace=namespace, field_manager="one")
    maps.server_side_apply(body=body(z="1"), name="a", namespace=namespace, field_manager="two")
    try:
        maps.server_side_apply(body=body(x="2"), name="a", namespace=namespace, field_manager="two")
        raise AssertionError("a conflict must be told")
    except dynamic.exceptions.ConflictError as error:
        text = error.body.decode() if isinstance(error.body, bytes) else error.body
        expect('conflict with \\"one\\"' in text and ".data.x" in text, text)
    maps.server_side_apply(body=body(x="2"), name="a", namespace=namespace, field_manager="two", force_conflicts=True)
    now = maps.server_side_apply(body=body(y="1"), name="a", namespace=namespace, field_manager="one")
    expect(now.data.to_dict() == {"x": "2", "y": "1"}, f"data {now.data}")
    managers = {entry["manager"]: entry["operation"] for entry in now.metadata.managedFields}
    expect(managers == {"one": "Apply", "two": "Apply"}, f"managers {managers}")


@scenario
def dry_run(namespace):
    made = core.create_namespaced_config_map(namespace, config_map("d"), dry_run="All")
    expect(made.metadata.uid, "a dry run shows the whole object")
    refused(404, lambda: core.read_namespaced_config_map("d", namespace))
    core.create_namespaced_config_map(namespace, config_map("d", {"a": "1"}))
    core.patch_namespaced_config_map("d", namespace, {"data": {"a": "2"}}, dry_run="All")
    core.delete_namespaced_config_map("d", namespace, dry_run="All")
    expect(core.read_namespaced_config_map("d", namespace).data == {"a": "1"}, "the dry run changed something")


@scenario
def field_validation(namespace):
    maps = f"/api/v1/namespaces/{namespace}/configmaps"
    unknown = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "f"}, "dataa": {"a": "1"}}

    def post(mode):
        request = api.param_serialize(
            "POST", maps, query_params=[("fieldValidation", mode)], body=unknown, auth_settings=["BearerToken"],
            header_params={"Content-Type": "application/json", "Accept": "application/json"})
        answer = api.call_api(*request)
        answer.read()
        if answer.status >= 400:
            raise ApiException(http_resp=answer)
        return answer.status, answer.getheaders()

    answer = refused(400, lambda: post("Strict"))
    expect('unknown field "dataa"' in answer["message"], f"{answer}")
    status, headers = post("Warn")
    expect(status == 201 and 'unknown field' in headers.get("Warning", ""), f"{status} {headers}")


@scenario
def invalid(namespace):
    wrong = deployment("Wrong_Name")
    wrong.spec.template.spec.containers[0].image = None
    wrong.spec.replicas = -1
    answer = refused(422, lambda: apps.create_namespaced_deployment(namespace, wrong))
    fields = {cause["field"] for cause in answer["details"]["causes"]}
    expect({"metadata.name", "spec.replicas", "spec.template.spec.containers[0].image"} <= fields, f"{answer}")
    expect(answer["reason"] == "Invalid" and answer["details"]["kind"] == "Deployment", f"{answer}")


@scenario
def scale(namespace):
    apps.create_namespaced_deployment(namespace, deployment("s", replicas=2))
    current = apps.read_namespaced_deployment_scale("s", namespace)
    expect(current.spec.replicas == 2 and current.kind == "Scale", f"{current}")
    apps.patch_namespaced_deployment_scale("s", namespace, {"spec": {"replicas": 0}})
    body = apps.read_namespaced_deployment("s", namespace)
    expect(body.spec.replicas == 0 and body.metadata.generation == 2, f"{body.metadata.generation}")


@scenario
def custom_resources(namespace):
    group = f"{namespace}.example.com"
    schema = {"type": "object", "properties": {
        "spec": {"type": "object", "required": ["size"], "properties": {
            "size": {"type": "integer", "minimum": 1, "maximum": 10},
            "color": {"type": "string", "default": "red", "enum": ["red", "blue"]},
            "name": {"type": "string", "pattern": "^[a-z]+$"}}},
        "status": {"type": "object", "properties": {"phase": {"type": "string"}, "replicas": {"type": "integer"}}}}}
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": f"widgets.{group}"},
        "spec": {
            "group": group, "scope": "Namespaced",
            "names": {"plural": "widgets", "singular": "widget", "kind": "Widget", "shortNames": ["wd"]},
            "versions": [{
                "name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema},
                "subresources": {"status": {}, "scale": {
                    "specReplicasPath": ".spec.size", "statusReplicasPath": ".status.replicas"}},
                "additionalPrinterColumns": [{"name": "Size", "type": "integer", "jsonPath": ".spec.size"}]}]}}
    definitions = client.ApiextensionsV1Api()
    definitions.create_custom_resource_definition(definition)
    try:
        eventually("the definition is established", lambda: any(
            c.type == "Established" and c.status == "True"
            for c in definitions.read_custom_resource_definition(f"widgets.{group}").status.conditions or []))

        def widget(**spec):
            return {"apiVersion": f"{group}/v1", "kind": "Widget", "metadata": {"name": "w"}, "spec": spec}

        def create(**spec):
            return custom.create_namespaced_custom_object(group, "v1", namespace, "widgets", widget(**spec))

        for wrong in ({"size": 11}, {}, {"size": "big"}, {"size": 1, "color": "green"}, {"size": 1, "name": "A"}):
            answer = refused(422, lambda: create(**wrong))
            expect(answer["details"]["causes"], f"{answer}")
        made = create(size=2, other=True)
        expect(made["spec"] == {"size": 2, "color": "red"}, f"defaulted and pruned: {made['spec']}")
        expect(made["metadata"]["generation"] == 1, "generation")
        custom.patch_namespaced_custom_object_status(
            group, "v1", namespace, "widgets", "w", {"status": {"phase": "Up"}, "spec": {"size": 9}})
        read = custom.get_namespaced_custom_object(group, "v1", namespace, "widgets", "w")
        expect(read["status"] == {"phase": "Up"} and read["spec"]["size"] == 2, f"{read}")
        custom.patch_namespaced_custom_object_scale(
            group, "v1", namespace, "widgets", "w", {"spec": {"replicas": 3}})
        read = custom.get_namespaced_custom_object(group, "v1", namespace, "widgets", "w")
        expect(read["spec"]["size"] == 3 and read["metadata"]["generation"] == 2, f"{read}")
        custom.delete_namespaced_custom_object(group, "v1", namespace, "widgets", "w")
    finally:
        definitions.delete_custom_resource_definition(f"widgets.{group}")


@scenario
def generated_names(namespace):
    names = {core.create_namespaced_config_map(namespace, client.V1ConfigMap(
        metadata=client.V1ObjectMeta(generate_name="g-"))).metadata.name for _ in range(5)}
    expect(len(names) == 5 and all(n.startswith("g-") and len(n) == 7 for n in names), f"{names}")


@scenario
def deletion(namespace):
    for index in range(4):
        core.create_namespaced_config_map(
            namespace, config_map(f"m{index}", labels={"drop": "yes" if index < 3 else "no"}))
    core.delete_collection_namespaced_config_map(namespace, label_selector="drop=yes")
    left = [o.metadata.name for o in core.list_namespaced_config_map(namespace).items if o.metadata.name[0] == "m"]
    expect(left == ["m3"], f"left {left}")
    core.create_namespaced_config_map(namespace, config_map("held", finalizers=["example.com/hold"]))
    core.delete_namespaced_config_map("held", namespace)
    held = core.read_namespaced_config_map("held", namespace)
    expect(held.metadata.deletion_timestamp, "the finalizer holds it, marked as deleted")
    core.patch_namespaced_config_map("held", namespace, {"metadata": {"finalizers": None}})
    refused(404, lambda: core.read_namespaced_config_map("held", namespace))


@scenario
def leases(namespace):
    coordination = client.CoordinationV1Api()
    now = datetime.datetime.now(datetime.timezone.utc)
    body = client.V1Lease(
        metadata=client.V1ObjectMeta(name="l"),
        spec=client.V1LeaseSpec(holder_identity="a", lease_duration_seconds=15, acquire_time=now, renew_time=now))
    made = coordination.create_namespaced_lease(namespace, body)
    expect(made.spec.renew_time.microsecond == now.microsecond, f"microseconds: {made.spec.renew_time}")
    made.spec.holder_identity = "b"
    made.spec.lease_transitions = 1
    expect(coordination.replace_namespaced_lease("l", namespace, made).spec.lease_transitions == 1, "transitions")
    refused(409, lambda: coordination.replace_namespaced_lease("l", namespace, made))


def ready_node():
    for node in core.list_node().items:
        for condition in node.status.conditions or []:
            if condition.type == "Ready" and condition.status == "True":
                return node
    raise Skipped("no node is ready")


def running_pod(namespace, script="echo started; exec sleep 100000"):
    ready_node()
    core.create_namespaced_pod(namespace, client.V1Pod(
        metadata=client.V1ObjectMeta(name="box"),
        spec=client.V1PodSpec(
            termination_grace_period_seconds=1,
            containers=[client.V1Container(name="main", image="busybox", command=["sh", "-c", script])])))
    return eventually("the pod runs", lambda: (
        lambda pod: pod if pod.status.phase == "Running" and pod.status.pod_ip else None)(
            core.read_namespaced_pod("box", namespace)))


@scenario
def logs(namespace):
    running_pod(namespace, "for i in 1 2 3; do echo line $i; done; exec sleep 100000")
    text = eventually("three lines", lambda: (
        lambda text: text if text.count("\n") == 3 else None)(core.read_namespaced_pod_log("box", namespace)))
    expect(text == "line 1\nline 2\nline 3\n", text)
    expect(core.read_namespaced_pod_log("box", namespace, tail_lines=1) == "line 3\n", "tail")
    stamped = core.read_namespaced_pod_log("box", namespace, timestamps=True, tail_lines=1)
    expect(stamped.startswith("20") and stamped.endswith(" line 3\n"), stamped)


@scenario
def execution(namespace):
    running_pod(namespace)
    command = ["sh", "-c", "echo out; echo err >&2; read line; echo got $line; exit 3"]
    session = stream(
        core.connect_get_namespaced_pod_exec, "box", namespace, command=command, stdin=True, stdout=True, stderr=True,
        tty=False, _preload_content=False)
    session.write_stdin("hello\n")
    session.run_forever(timeout=15)
    out, err = session.read_stdout(), session.read_stderr()
    expect(out == "out\ngot hello\n" and err == "err\n", f"out {out!r} err {err!r}")
    expect(session.returncode == 3, f"exit code {session.returncode}")


@scenario
def port_forward(namespace):
    server = ("import http.server, os; http.server.HTTPServer((os.environ['POD_IP'], 8000), "
              "http.server.SimpleHTTPRequestHandler).serve_forever()")
    ready_node()
    core.create_namespaced_pod(namespace, client.V1Pod(
        metadata=client.V1ObjectMeta(name="web"),
        spec=client.V1PodSpec(
            termination_grace_period_seconds=1,
            containers=[client.V1Container(
                name="main", image="python", command=["python3", "-c", server],
                env=[client.V1EnvVar(name="POD_IP", value_from=client.V1EnvVarSource(
                    field_ref=client.V1ObjectFieldSelector(field_path="status.podIP")))],
                readiness_probe=client.V1Probe(
                    tcp_socket=client.V1TCPSocketAction(port=8000), period_seconds=1))])))
    eventually("the pod is ready", lambda: any(
        s.ready for s in core.read_namespaced_pod("web", namespace).status.container_statuses or []))
    forwarded = portforward(core.connect_get_namespaced_pod_portforward, "web", namespace, ports="8000")
    connection = forwarded.socket(8000)
    connection.settimeout(10)
    connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
    answer = b""
    while True:
        try:
            chunk = connection.recv(4096)
        except socket.timeout:
            break
        if not chunk:
            break
        answer += chunk
    expect(answer.startswith(b"HTTP/1.0 200"), f"{answer[:200]!r}")


@scenario
def tokens(namespace):
    core.create_namespaced_service_account(
        namespace, client.V1ServiceAccount(metadata=client.V1ObjectMeta(name="robot")))
    request = client.AuthenticationV1TokenRequest(
        spec=client.V1TokenRequestSpec(audiences=[], expiration_seconds=600))
    token = core.create_namespaced_service_account_token("robot", namespace, request).status.token
    rbac = client.RbacAuthorizationV1Api()
    rbac.create_namespaced_role(namespace, client.V1Role(
        metadata=client.V1ObjectMeta(name="reader"),
        rules=[client.V1PolicyRule(api_groups=[""], resources=["configmaps"], verbs=["get", "list"])]))
    rbac.create_namespaced_role_binding(namespace, client.V1RoleBinding(
        metadata=client.V1ObjectMeta(name="reader"),
        role_ref=client.V1RoleRef(api_group="rbac.authorization.k8s.io", kind="Role", name="reader"),
        subjects=[client.RbacV1Subject(kind="ServiceAccount", name="robot", namespace=namespace)]))
    settings = client.Configuration.get_default_copy()
    settings.api_key = {"authorization": "Bearer " + token}
    settings.cert_file = settings.key_file = None
    settings.refresh_api_key_hook = None
    robot = client.CoreV1Api(client.ApiClient(settings))
    eventually("the role is in force", lambda: allowed(lambda: robot.list_namespaced_config_map(namespace)))
    answer = refused(403, lambda: robot.create_namespaced_config_map(namespace, config_map("x")))
    expect(f'User "system:serviceaccount:{namespace}:robot" cannot create resource "configmaps"'
           in answer["message"], f"{answer}")
    refused(403, lambda: robot.list_namespaced_config_map("default"))
    refused(403, lambda: robot.list_namespaced_secret(namespace))
    settings.api_key = {"authorization": "Bearer " + token[:-6] + "AAAAAA"}
    refused(401, lambda: client.CoreV1Api(client.ApiClient(settings)).list_namespaced_config_map(namespace))


def allowed(action):
    try:
        action()
        return True
    except ApiException as error:
        if error.status == 403:
            return False
        raise


@scenario
def eviction(namespace):
    ready_node()
    apps.create_namespaced_deployment(namespace, deployment("e", replicas=2))
    eventually("both run", lambda: apps.read_namespaced_deployment("e", namespace).status.available_replicas == 2)
    client.PolicyV1Api().create_namespaced_pod_disruption_budget(namespace, client.V1PodDisruptionBudget(
        metadata=client.V1ObjectMeta(name="e"),
        spec=client.V1PodDisruptionBudgetSpec(
            min_available=2, selector=client.V1LabelSelector(match_labels={"app": "e"}))))
    eventually("the budget is counted", lambda: client.PolicyV1Api().read_namespaced_pod_disruption_budget(
        "e", namespace).status.expected_pods == 2)
    pod = core.list_namespaced_pod(namespace, label_selector="app=e").items[0].metadata.name
    body = client.V1Eviction(metadata=client.V1ObjectMeta(name=pod, namespace=namespace))
    answer = refused(429, lambda: core.create_namespaced_pod_eviction(pod, namespace, body))
    expect(answer["reason"] == "TooManyRequests", f"{answer}")
    apps.patch_namespaced_deployment_scale("e", namespace, {"spec": {"replicas": 3}})
    eventually("one may go", lambda: client.PolicyV1Api().read_namespaced_pod_disruption_budget(
        "e", namespace).status.disruptions_allowed == 1)
    core.create_namespaced_pod_eviction(pod, namespace, body)


def make(namespace):
    core.create_namespace(client.V1Namespace(metadata=client.V1ObjectMeta(name=namespace)))


scenario.run(make, core.delete_namespace)
