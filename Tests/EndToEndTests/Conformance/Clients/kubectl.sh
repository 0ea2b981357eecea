#!/usr/bin/env bash
# kubectl through the scenario table. Usage: kubectl.sh KUBECONFIG [SCENARIO ...]
# Prints `ok NAME`, `skipped NAME: why` or `not ok NAME: why`; ends with 1 where one failed.
set -uo pipefail
export KUBECONFIG="$1"
shift
wanted=" $* "
failed=0
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

fail() { echo "$*" >"$work/why"; exit 1; }
skip() { echo "$*" >"$work/skipped"; exit 0; }
# expect WHAT TEXT PATTERN: the text must hold the pattern.
expect() { [[ "$2" == *"$3"* ]] || fail "$1: expected \"$3\" in \"$2\""; }
# refused PATTERN COMMAND...: the command must fail and say so.
refused() {
  local pattern="$1" text
  shift
  if text="$("$@" 2>&1)"; then fail "$* should have failed, and said: $text"; fi
  expect "$*" "$text" "$pattern"
}
k() { kubectl -n "$namespace" "$@" 2>&1 || fail "kubectl $*"; }
eventually() {
  local what="$1" deadline=$((SECONDS + 30))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || fail "not within 30 s: $what"
    sleep 0.1
  done
}
needs_node() { kubectl get nodes 2>/dev/null | grep -q ' Ready' || skip "no node is ready"; }

deployment() {
  cat <<YAML
apiVersion: apps/v1
kind: Deployment
metadata: { name: $1 }
spec:
  replicas: $2
  selector: { matchLabels: { app: $1 } }
  template:
    metadata: { labels: { app: $1 } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - { name: main, image: "${3:-busybox}", command: [sh, -c, "echo started; exec sleep 100000"] }
YAML
}

objects() {
  k create configmap one --from-literal=a=1 >/dev/null
  expect "get" "$(k get configmap one -o 'jsonpath={.data.a}')" 1
  k label configmap one x=y >/dev/null
  k annotate configmap one note=text >/dev/null
  expect "selector" "$(k get cm -l x=y -o name)" configmap/one
  expect "describe" "$(k describe cm one)" "Annotations:  note: text"
  refused "already exists" kubectl -n "$namespace" create configmap one
  k delete configmap one >/dev/null
  refused 'configmaps "one" not found' kubectl -n "$namespace" get configmap one
}

apply() {
  deployment web 1 >"$work/web.yaml"
  expect "first" "$(k apply -f "$work/web.yaml")" "deployment.apps/web created"
  expect "again" "$(k apply -f "$work/web.yaml")" "deployment.apps/web unchanged"
  deployment web 1 other >"$work/other.yaml"
  local difference
  difference="$(kubectl -n "$namespace" diff -f "$work/other.yaml")" && fail "diff found nothing"
  expect "diff" "$difference" "image: other"
  expect "change" "$(k apply -f "$work/other.yaml")" "deployment.apps/web configured"
  expect "server side" "$(k apply --server-side --field-manager=other --force-conflicts -f "$work/web.yaml")" serverside-applied
  deployment web 3 >"$work/three.yaml"
  refused 'conflict with "other"' kubectl -n "$namespace" apply --server-side --field-manager=third -f "$work/three.yaml"
  k scale deployment/web --replicas=0 >/dev/null
  expect "scaled" "$(k get deployment web -o 'jsonpath={.spec.replicas}')" 0
}

validation() {
  deployment Wrong_Name 1 >"$work/wrong.yaml"
  refused "Invalid value: \"Wrong_Name\"" kubectl -n "$namespace" apply -f "$work/wrong.yaml"
  deployment web 1 | sed 's/replicas:/replicaz:/' >"$work/wrong.yaml"
  refused 'unknown field "spec.replicaz"' kubectl -n "$namespace" apply -f "$work/wrong.yaml"
  deployment web 1 | sed 's/replicas: 1/replicas: many/' >"$work/wrong.yaml"
  refused "replicas" kubectl -n "$namespace" apply -f "$work/wrong.yaml"
  deployment dry 1 >"$work/dry.yaml"
  expect "dry run" "$(k apply --dry-run=server -f "$work/dry.yaml")" "created (server dry run)"
  refused "not found" kubectl -n "$namespace" get deployment dry
}

explain() {
  expect "explain" "$(k explain pod.spec.containers.resources)" "requests"
  expect "recursive" "$(k explain deployment.spec --recursive)" "maxSurge"
  expect "api-resources" "$(k api-resources -o name)" deployments.apps
  expect "api-versions" "$(k api-versions)" batch/v1
  expect "version" "$(k version)" "Server Version"
}

patches() {
  deployment p 0 >"$work/p.yaml"
  k create -f "$work/p.yaml" >/dev/null
  k patch deployment p -p '{"spec":{"template":{"spec":{"containers":[{"name":"main","env":[{"name":"A","value":"1"}]}]}}}}' >/dev/null
  expect "strategic" "$(k get deployment p -o 'jsonpath={.spec.template.spec.containers[0].image}')" busybox
  k patch deployment p --type=json -p '[{"op":"replace","path":"/spec/minReadySeconds","value":2}]' >/dev/null
  k patch deployment p --type=merge -p '{"metadata":{"labels":{"m":"1"}}}' >/dev/null
  k set image deployment/p main=new:2 >/dev/null
  k set env deployment/p A- B=2 >/dev/null
  expect "all" "$(k get deployment p -o 'jsonpath={.spec.template.spec.containers[0].image} {.metadata.labels.m} {.spec.template.spec.containers[0].env[*].name}')" "new:2 1 B"
}

custom-resources() {
  local group="$namespace.example.com"
  cat >"$work/crd.yaml" <<YAML
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.$group }
spec:
  group: $group
  scope: Namespaced
  names: { plural: things, kind: Thing }
  versions:
    - name: v1
      served: true
      storage: true
      subresources: { status: {}, scale: { specReplicasPath: .spec.size, statusReplicasPath: .status.size } }
      additionalPrinterColumns: [{ name: Size, type: integer, jsonPath: .spec.size }]
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: { type: object, properties: { size: { type: integer, maximum: 5, description: How large. } } }
            status: { type: object, properties: { size: { type: integer } } }
YAML
  k create -f "$work/crd.yaml" >/dev/null
  trap "kubectl delete crd things.$group >/dev/null" EXIT
  k wait --for=condition=Established "crd/things.$group" --timeout=20s >/dev/null
  printf 'apiVersion: %s/v1\nkind: Thing\nmetadata: { name: t }\nspec: { size: 2 }\n' "$group" >"$work/t.yaml"
  eventually "the kind is served" kubectl -n "$namespace" apply -f "$work/t.yaml"
  expect "columns" "$(k get "things.$group" t)" SIZE
  sed -i 's/size: 2/size: 9/' "$work/t.yaml"
  refused "should be less than or equal to 5" kubectl -n "$namespace" apply -f "$work/t.yaml"
  k scale --replicas=3 "things.$group/t" >/dev/null
  expect "scaled" "$(k get "things.$group" t -o 'jsonpath={.spec.size}')" 3
  eventually "the schema is published" grep -q "How large" <(kubectl explain "things.$group.spec" 2>&1)
  k delete "things.$group" t >/dev/null
}

access() {
  k create serviceaccount robot >/dev/null
  k create role reader --verb=get,list --resource=configmaps >/dev/null
  k create rolebinding reader --role=reader --serviceaccount="$namespace:robot" >/dev/null
  local as="system:serviceaccount:$namespace:robot"
  eventually "the role is in force" kubectl -n "$namespace" auth can-i list configmaps --as="$as"
  [ "$(kubectl -n "$namespace" auth can-i delete configmaps --as="$as" 2>/dev/null)" = no ] || fail "it may delete"
  [ "$(kubectl -n default auth can-i list configmaps --as="$as" 2>/dev/null)" = no ] || fail "it may list elsewhere"
  refused "cannot list resource \"secrets\"" kubectl -n "$namespace" get secrets --as="$as"
  local token
  token="$(k create token robot --duration=10m)"
  kubectl config view --raw --minify --flatten >"$work/robot"
  kubectl --kubeconfig "$work/robot" config set-credentials robot --token="$token" >/dev/null
  kubectl --kubeconfig "$work/robot" config set-context --current --user=robot >/dev/null
  expect "whoami" "$(kubectl --kubeconfig "$work/robot" auth whoami 2>&1)" "$as"
  refused "forbidden" kubectl --kubeconfig "$work/robot" -n "$namespace" create configmap x
  expect "roles" "$(k get clusterroles -o name)" clusterrole.rbac.authorization.k8s.io/cluster-admin
}

workloads() {
  needs_node
  deployment web 2 >"$work/web.yaml"
  k apply -f "$work/web.yaml" >/dev/null
  expect "rollout" "$(k rollout status deployment/web --timeout=60s)" "successfully rolled out"
  expect "logs" "$(k logs deployment/web)" started
  k create job once --image=busybox -- sh -c 'echo done' >/dev/null
  k wait --for=condition=Complete job/once --timeout=60s >/dev/null
  expect "job's log" "$(k logs job/once)" "done"
  k create cronjob often --image=busybox --schedule='*/5 * * * *' -- true >/dev/null
  k create job manual --from=cronjob/often >/dev/null
  k rollout restart deployment/web >/dev/null
  k rollout status deployment/web --timeout=60s >/dev/null
  expect "history" "$(k rollout history deployment/web)" 2
  k rollout undo deployment/web >/dev/null
  k rollout status deployment/web --timeout=60s >/dev/null
  k autoscale deployment web --min=1 --max=3 --cpu-percent=80 >/dev/null
  expect "autoscaler" "$(k get hpa web -o 'jsonpath={.spec.maxReplicas}')" 3
}

streams() {
  needs_node
  deployment box 1 >"$work/box.yaml"
  k apply -f "$work/box.yaml" >/dev/null
  k rollout status deployment/box --timeout=60s >/dev/null
  expect "exec" "$(k exec deploy/box -- sh -c 'echo out')" out
  expect "stdin" "$(echo in | kubectl -n "$namespace" exec -i deploy/box -- cat)" in
  kubectl -n "$namespace" exec deploy/box -- sh -c 'exit 7' >/dev/null 2>&1
  [ $? = 7 ] || fail "the exit code did not come through"
}

tables() {
  expect "nodes" "$(k get nodes 2>&1)" ""
  expect "wide" "$(k get ns "$namespace" -o wide)" Active
  k create configmap a >/dev/null
  expect "yaml" "$(k get cm a -o yaml)" "kind: ConfigMap"
  expect "sort" "$(k get cm --sort-by=.metadata.name)" NAME
  expect "watch" "$(timeout 5 kubectl -n "$namespace" get cm -w --request-timeout=2s 2>/dev/null)" a
  expect "raw" "$(k get --raw /readyz)" ok
}

finalizers() {
  k create configmap held >/dev/null
  k patch cm held --type=merge -p '{"metadata":{"finalizers":["example.com/hold"]}}' >/dev/null
  k delete cm held --wait=false >/dev/null
  [ -n "$(k get cm held -o 'jsonpath={.metadata.deletionTimestamp}')" ] || fail "it is not marked as deleted"
  k patch cm held --type=json -p '[{"op":"remove","path":"/metadata/finalizers"}]' >/dev/null
  refused "not found" kubectl -n "$namespace" get cm held
}

for scenario in objects apply validation explain patches custom-resources access workloads streams tables finalizers; do
  [[ "$wanted" == "  " || "$wanted" == *" $scenario "* ]] || continue
  namespace="conformance-$scenario-$RANDOM"
  rm -f "$work/why" "$work/skipped"
  if ! said="$(kubectl create namespace "$namespace" 2>&1)"; then
    echo "not ok $scenario: $said"
    failed=1
    continue
  fi
  if said="$("$scenario" 2>&1)"; then
    if [ -e "$work/skipped" ]; then echo "skipped $scenario: $(cat "$work/skipped")"; else echo "ok $scenario"; fi
  else
    failed=1
    echo "not ok $scenario: $(tr '\n' ' ' 2>/dev/null <"$work/why" | cut -c1-500) $(tail -c 300 <<<"$said" | tr '\n' ' ')"
  fi
  kubectl delete namespace "$namespace" --wait=false >/dev/null 2>&1
done
exit $failed
