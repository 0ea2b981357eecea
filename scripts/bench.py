"""Times requests to a running cluster over HTTPS: objects created and read, pushes planned ahead, and surprise pushes
from POST to the autoscalers' floors written.

Prints one line a figure. Talks to nothing but the kubeconfig's server, on this machine.
"""
import base64
import datetime
import http.client
import json
import re
import ssl
import sys
import tempfile
import time

text = open(sys.argv[1]).read()
server = re.search(r"server: \"?https://([^:\"\s]+):(\d+)", text)
token = re.search(r"token: \"?([^\"\s]+)", text).group(1)
authority = base64.b64decode(re.search(r"certificate-authority-data: \"?([^\"\s]+)", text).group(1))
with tempfile.NamedTemporaryFile() as file:
    file.write(authority)
    file.flush()
    context = ssl.create_default_context(cafile=file.name)
connection = http.client.HTTPSConnection(server.group(1), int(server.group(2)), context=context)


def ask(method, path, body=None):
    headers = {"Authorization": "Bearer " + token, "Content-Type": "application/json"}
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    answer = connection.getresponse()
    data = answer.read()
    if answer.status >= 400:
        raise SystemExit(f"{method} {path}: {answer.status} {data[:300]!r}")
    return json.loads(data)


def timed(count, action):
    times = []
    for index in range(count):
        start = time.perf_counter()
        action(index)
        times.append(time.perf_counter() - start)
    times.sort()
    return times


def line(name, times):
    rate = len(times) / sum(times)
    p50, p99 = (times[min(len(times) - 1, int(len(times) * q))] * 1000 for q in (0.50, 0.99))
    print(f"{name:34} {rate:8.0f}/s   p50 {p50:7.2f} ms   p99 {p99:7.2f} ms")


def config_map(index):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"bench-{index}"}, "data": {"text": "x" * 900}}


maps = "/api/v1/namespaces/default/configmaps"
line("create (1 KB, one connection)", timed(1000, lambda i: ask("POST", maps, config_map(i))))
line("get", timed(1000, lambda i: ask("GET", f"{maps}/bench-{i}")))
line("list of 1,000", timed(20, lambda i: ask("GET", maps)))
ask("DELETE", maps + "?labelSelector=!kubernetes.io/metadata.name")

moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=6)


def announce(index):
    body = {
        "id": f"bench-{index}", "kind": "breaking", "audience": 1000 + index,
        "sendAt": (moment + datetime.timedelta(minutes=10 * index)).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    answer = ask("POST", "/v1/pushes", body)
    if not answer.get("floors"):
        raise SystemExit(f"no floors in {answer}")


line("push: POST to floors planned", timed(100, announce))
for index in range(100):
    ask("DELETE", f"/v1/pushes/bench-{index}")


def surprise(index):
    answer = ask("POST", "/v1/pushes", {"id": f"now-{index}", "kind": "breaking", "audience": 1000, "sendAt": "now"})
    floors = answer.get("floors") or []
    if not floors:
        raise SystemExit(f"no floors in {answer}")
    if index == 0:
        print(f"  a surprise push is ready at {answer.get('readyAt')}, send at {answer.get('pacePerSecond')}/s until then")


line("surprise push: POST to floors held", timed(100, surprise))
