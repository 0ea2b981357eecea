/// An example of each rule that looks at objects.
extension RuleExample {
  static let all: [RuleExample] =
    [containers, pods, workloads, jobs, references, network, access].flatMap { (part: [RuleExample]) in part }

  private static let containers: [RuleExample] = [
    .container("latest-tag", "image: registry:5000/web", "image: registry:5000/web:1.2"),
    .container("latest-tag", "image: web:latest", "image: web@sha256:4b825dc642cb6eb9a060e54bf8d69288fbee4904"),
    .container("image-pull-policy", "image: web:1", "imagePullPolicy: Always"),
    .container(
      "cpu-request", "resources: { requests: { memory: 1Gi } }", "resources: { requests: { cpu: 1, memory: 1Gi } }"),
    .container("memory-request", "resources: { requests: { cpu: 1 } }", "resources: { limits: { memory: 1Gi } }"),
    .container("memory-limit", "resources: { requests: { memory: 1Gi } }", "resources: { limits: { memory: 1Gi } }"),
    .container(
      "memory-overcommit", "resources: { requests: { memory: 1Gi }, limits: { memory: 2Gi } }",
      "resources: { requests: { memory: 1Gi }, limits: { memory: 1024Mi } }"),
    .container("cpu-limit", "resources: { limits: { cpu: 1 } }", "resources: { requests: { cpu: 1 } }"),
    .container(
      "ephemeral-storage", "resources: { limits: { memory: 1Gi } }",
      "resources: { limits: { ephemeral-storage: 1Gi } }"),
    .container("liveness-probe", "image: web:1", "livenessProbe: { httpGet: { path: /, port: 80 } }"),
    .container(
      "identical-probes",
      "{ name: app, livenessProbe: { exec: { command: [a] } }, readinessProbe: { exec: { command: [a] } } }",
      "{ name: app, livenessProbe: { exec: { command: [a] } }, readinessProbe: { exec: { command: [b] } } }"
    ).flow,
    .container(
      "probe-port", "{ name: app, ports: [{ containerPort: 80 }], livenessProbe: { tcpSocket: { port: 81 } } }",
      "{ name: app, ports: [{ containerPort: 80 }], livenessProbe: { tcpSocket: { port: 80 } } }"
    ).flow,
    .container(
      "probe-port", "readinessProbe: { httpGet: { port: http } }",
      "{ name: app, ports: [{ containerPort: 80, name: http }], readinessProbe: { httpGet: { port: http } } }"
    ).flow,
    .container(
      "container-ports", "ports: [{ containerPort: 80 }, { containerPort: 80 }]",
      "ports: [{ containerPort: 80 }, { containerPort: 80, protocol: UDP }]"),
    .container("run-as-non-root", "image: web:1", "securityContext: { runAsNonRoot: true }"),
    .container(
      "run-as-non-root", "securityContext: { runAsNonRoot: true, runAsUser: 0 }", "securityContext: { runAsUser: 1 }"),
    .container("user-id", "securityContext: { runAsUser: 999 }", "securityContext: { runAsUser: 10000 }"),
    .container("read-only-root", "image: web:1", "securityContext: { readOnlyRootFilesystem: true }"),
    .container(
      "drop-capabilities", "securityContext: { capabilities: { drop: [NET_RAW] } }",
      "securityContext: { capabilities: { drop: [ALL] } }"),
    .container(
      "added-capabilities", "securityContext: { capabilities: { add: [SYS_ADMIN] } }",
      "securityContext: { capabilities: { add: [NET_BIND_SERVICE] } }"),
    .container("privilege-escalation", "image: web:1", "securityContext: { allowPrivilegeEscalation: false }"),
    .container("privileged", "securityContext: { privileged: true }", "securityContext: { privileged: false }"),
    .container("proc-mount", "securityContext: { procMount: Unmasked }", "securityContext: { procMount: Default }"),
    .container(
      "seccomp", "securityContext: { seccompProfile: { type: Unconfined } }",
      "securityContext: { seccompProfile: { type: RuntimeDefault } }"),
    .container("host-port", "ports: [{ containerPort: 80, hostPort: 80 }]", "ports: [{ containerPort: 80 }]"),
    .container("ssh-port", "ports: [{ containerPort: 22 }]", "ports: [{ containerPort: 2222 }]"),
    .container("duplicate-env", "env: [{ name: A, value: a }, { name: A, value: b }]", "env: [{ name: A, value: a }]"),
    .container(
      "secret-in-env", "env: [{ name: DB_PASSWORD, value: hunter2 }]",
      "env: [{ name: DB_PASSWORD_FILE, value: /db/password }]"),
    .container(
      "secret-in-env", "env: [{ name: ID, value: AKIAIOSFODNN7EXAMPLE }]",
      "env: [{ name: DB_PASSWORD, valueFrom: { secretKeyRef: { name: db, key: password } } }]"),
    .container(
      "spot-grace", "lifecycle: { preStop: { exec: { command: [sh, -c, sleep 40] } } }",
      "lifecycle: { preStop: { sleep: { seconds: 15 } } }"),
  ]

  private static let pods: [RuleExample] = [
    .pod("spot-grace", "terminationGracePeriodSeconds: 120", "terminationGracePeriodSeconds: 60"),
    .pod("host-network", "hostNetwork: true", "hostNetwork: false"),
    .pod("host-pid", "hostPID: true", "hostPID: false"),
    .pod("host-ipc", "hostIPC: true", "hostIPC: false"),
    .pod("host-path", "volumes: [{ name: a, hostPath: { path: /a } }]", "volumes: [{ name: a, emptyDir: {} }]"),
    .pod(
      "docker-socket", "volumes: [{ name: a, hostPath: { path: /var/run/docker.sock } }]",
      "volumes: [{ name: a, hostPath: { path: /data } }]"),
    .pod(
      "sensitive-mount", "volumes: [{ name: a, hostPath: { path: /etc/ssl } }]",
      "volumes: [{ name: a, hostPath: { path: /etcetera } }]"),
    .pod(
      "unsafe-sysctls", "securityContext: { sysctls: [{ name: net.core.somaxconn, value: '9' }] }",
      "securityContext: { sysctls: [{ name: net.ipv4.tcp_syncookies, value: '1' }] }"),
    .pod("service-account", "serviceAccountName: default", "serviceAccountName: web"),
    .pod("service-account-field", "serviceAccount: web", "serviceAccountName: web"),
    .pod("account-token", "serviceAccountName: web", "automountServiceAccountToken: false"),
    .pod("priority-class", "dnsPolicy: Default", "priorityClassName: high"),
    .pod("restart-policy", "restartPolicy: Never", "restartPolicy: Always"),
    RuleExample(
      rule: "writable-host-mount",
      failing: deployment(
        pod: "volumes: [{ name: a, hostPath: { path: /a } }]", container: "volumeMounts: [{ name: a, mountPath: /a }]"),
      passing: deployment(
        pod: "volumes: [{ name: a, hostPath: { path: /a } }]",
        container: "volumeMounts: [{ name: a, mountPath: /a, readOnly: true }]")),
    RuleExample(
      rule: "readiness-probe", failing: web + service,
      passing: deployment(container: "readinessProbe: { httpGet: { port: 80 } }") + service),
    RuleExample(
      rule: "pre-stop", failing: web + service,
      passing: deployment(container: "lifecycle: { preStop: { sleep: { seconds: 9 } } }") + service),
    RuleExample(
      rule: "spread", failing: web + autoscaler,
      passing: deployment(pod: "topologySpreadConstraints: [{ topologyKey: zone }]") + autoscaler),
    RuleExample(rule: "bare-pod", failing: object("Pod v1", "spec: { containers: [] }"), passing: web),
  ]

  private static let workloads: [RuleExample] = [
    .deployment(
      "selector-mismatch", "selector: { matchLabels: { app: other } }", "selector: { matchLabels: { app: web } }"),
    .deployment(
      "rolling-update", "strategy: { type: Recreate }", "strategy: { type: RollingUpdate }", with: autoscaler),
    .deployment("replicas", "replicas: 1", "replicas: 2"),
    .deployment("replicas-with-autoscaler", "replicas: 2", "paused: false", with: autoscaler),
    RuleExample(rule: "pdb-exists", failing: web + autoscaler, passing: web + autoscaler + budget),
    .object(
      "pdb-blocks-drain", "PodDisruptionBudget policy/v1",
      "spec: { maxUnavailable: 0%, selector: { matchLabels: { app: web } } }",
      "spec: { maxUnavailable: 1%, selector: { matchLabels: { app: web } } }", with: web + autoscaler),
    .object(
      "pdb-blocks-drain", "PodDisruptionBudget policy/v1",
      "spec: { minAvailable: 2, selector: { matchLabels: { app: web } } }",
      "spec: { minAvailable: 1, selector: { matchLabels: { app: web } } }", with: web + autoscaler),
    .object(
      "pdb-unhealthy", "PodDisruptionBudget policy/v1", "spec: { maxUnavailable: 1 }",
      "spec: { unhealthyPodEvictionPolicy: AlwaysAllow }"),
    .object(
      "stateful-service", "StatefulSet apps/v1", "spec: { serviceName: web }", "spec: { serviceName: headless }",
      with: "---\n{ apiVersion: v1, kind: Service, metadata: { name: headless }, spec: { clusterIP: None } }\n"),
    .object(
      "autoscaler-min", "HorizontalPodAutoscaler autoscaling/v2", "spec: { maxReplicas: 9 }",
      "spec: { minReplicas: 2, maxReplicas: 9 }"),
    .object(
      "autoscaler-room", "HorizontalPodAutoscaler autoscaling/v2", "spec: { minReplicas: 9, maxReplicas: 9 }",
      "spec: { minReplicas: 2, maxReplicas: 9 }"),
    RuleExample(rule: "autoscaler-dangling", failing: autoscaler, passing: autoscaler + web),
  ]

  private static let jobs: [RuleExample] = [
    .object(
      "cron-deadline", "CronJob batch/v1", "spec: { schedule: 0 7 * * * }", "spec: { startingDeadlineSeconds: 60 }"),
    .object(
      "cron-concurrency", "CronJob batch/v1", "spec: { schedule: 0 7 * * * }", "spec: { concurrencyPolicy: Allow }"),
    .object("cron-schedule", "CronJob batch/v1", "spec: { schedule: 0 25 * * * }", "spec: { schedule: 0 7 * * * }"),
    .object(
      "cron-history", "CronJob batch/v1", "spec: { failedJobsHistoryLimit: 100 }",
      "spec: { failedJobsHistoryLimit: 3 }"),
    .object("job-deadline", "Job batch/v1", "spec: {}", "spec: { activeDeadlineSeconds: 60 }"),
    .object(
      "job-deadline", "CronJob batch/v1", "spec: { jobTemplate: { spec: {} } }",
      "spec: { jobTemplate: { spec: { activeDeadlineSeconds: 60 } } }"),
    .object("job-ttl", "Job batch/v1", "spec: {}", "spec: { ttlSecondsAfterFinished: 60 }"),
    .object(
      "job-restart-policy", "Job batch/v1", "spec: { template: { spec: { containers: [] } } }",
      "spec: { template: { spec: { restartPolicy: Never } } }"),
    .object(
      "api-version", "CronJob batch/v1beta1", "spec: {}", "spec: {}"
    ).passing(as: object("CronJob batch/v1", "spec: {}")),
  ]

  private static let references: [RuleExample] = [
    RuleExample(rule: "service-dangling", failing: service, passing: service + web),
    RuleExample(rule: "pdb-dangling", failing: budget, passing: budget + web),
    .object(
      "network-policy-dangling", "NetworkPolicy networking.k8s.io/v1",
      "spec: { podSelector: { matchLabels: { app: wbe } } }", "spec: { podSelector: { matchLabels: { app: web } } }",
      with: web),
    .object(
      "pod-monitor-dangling", "PodMonitor monitoring.coreos.com/v1", "spec: { selector: { matchLabels: { app: a } } }",
      "spec: { selector: { matchLabels: { app: web } } }", with: web),
    .object(
      "service-monitor-dangling", "ServiceMonitor monitoring.coreos.com/v1",
      "spec: { selector: { matchLabels: { app: a } } }", "spec: { selector: {} }", with: service),
    .object(
      "target-port", "Service v1", "spec: { selector: { app: web }, ports: [{ port: 80, targetPort: htpt }] }",
      "spec: { selector: { app: web }, ports: [{ port: 80, targetPort: http }] }",
      with: deployment(container: "ports: [{ containerPort: 80, name: http }]")),
    .object(
      "ingress-dangling", "Ingress networking.k8s.io/v1",
      "spec: { rules: [{ http: { paths: [{ backend: { service: { name: wbe, port: { number: 80 } } } }] } }] }",
      "spec: { rules: [{ http: { paths: [{ backend: { service: { name: web, port: { number: 80 } } } }] } }] }",
      with: service),
    .object(
      "ingress-dangling", "Ingress networking.k8s.io/v1",
      "spec: { defaultBackend: { service: { name: web, port: { number: 81 } } } }",
      "spec: { defaultBackend: { service: { name: web, port: { name: http } } } }", with: service),
    RuleExample(
      rule: "service-account-exists", failing: deployment(pod: "serviceAccountName: web"),
      passing: deployment(pod: "serviceAccountName: web") + object("ServiceAccount v1", "secrets: []")),
    RuleExample(rule: "duplicate-object", failing: web + web, passing: web + service),
    RuleExample(
      rule: "label-value", failing: "{ apiVersion: v1, kind: Secret, metadata: { name: a, labels: { a: b c } } }",
      passing: "{ apiVersion: v1, kind: Secret, metadata: { name: a, labels: { a: b-c } } }"),
    RuleExample(
      rule: "owner-label", failing: web,
      passing: "{ apiVersion: batch/v1, kind: Job, metadata: { name: a, labels: { sakigake.dev/owner: b } } }"),
  ]

  private static let network: [RuleExample] = [
    RuleExample(
      rule: "network-policy", failing: web,
      passing: web + object("NetworkPolicy networking.k8s.io/v1", "spec: { podSelector: {} }")),
    .object(
      "open-ingress", "NetworkPolicy networking.k8s.io/v1",
      "spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }] }",
      "spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }] }", with: web + service),
    .object(
      "open-egress", "NetworkPolicy networking.k8s.io/v1", "spec: { podSelector: {}, egress: [{}] }",
      "spec: { podSelector: {}, egress: [{ ports: [{ port: 53 }] }] }"),
    .object(
      "open-load-balancer", "Service v1", "spec: { type: LoadBalancer, ports: [{ port: 5432 }] }",
      "spec: { type: LoadBalancer, ports: [{ port: 443 }] }"),
    .object("node-port", "Service v1", "spec: { type: NodePort }", "spec: { type: ClusterIP }"),
    .object("external-ips", "Service v1", "spec: { externalIPs: [10.0.0.1] }", "spec: { type: ClusterIP }"),
    .object("ingress-tls", "Ingress networking.k8s.io/v1", "spec: {}", "spec: { tls: [{ hosts: [a.example] }] }"),
  ]

  private static let access: [RuleExample] = [
    .object(
      "rbac-wildcard", "Role rbac.authorization.k8s.io/v1", "rules: [{ resources: ['*'], verbs: [get] }]",
      "rules: [{ resources: [pods], verbs: [get] }]"),
    .object(
      "rbac-secrets", "Role rbac.authorization.k8s.io/v1",
      "rules: [{ apiGroups: [''], resources: [secrets], verbs: [list] }]",
      "rules: [{ apiGroups: [''], resources: [secrets], verbs: [get], resourceNames: [web] }]"),
    .object(
      "rbac-create-pods", "Role rbac.authorization.k8s.io/v1",
      "rules: [{ apiGroups: [''], resources: [pods], verbs: [create] }]",
      "rules: [{ apiGroups: [''], resources: [pods], verbs: [list] }]"),
    .object(
      "rbac-escalation", "ClusterRole rbac.authorization.k8s.io/v1",
      "rules: [{ resources: [users], verbs: [impersonate] }]",
      "rules: [{ resources: [users], verbs: [get] }]"),
    .object(
      "rbac-cluster-admin", "ClusterRoleBinding rbac.authorization.k8s.io/v1", "roleRef: { name: cluster-admin }",
      "roleRef: { name: view }"),
  ]
}

extension RuleExample {
  /// For a container that is given whole: its name is a part of it.
  fileprivate var flow: RuleExample {
    func whole(_ text: String) -> String { text.replacing("- name: app\n          {", with: "- {") }
    return RuleExample(rule: rule, failing: whole(failing), passing: whole(passing))
  }

  fileprivate func passing(as text: String) -> RuleExample {
    RuleExample(rule: rule, failing: failing, passing: text)
  }
}
