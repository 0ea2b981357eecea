/// The files of a new service's repository.
struct ServiceTemplate {
  struct File {
    var path: String
    var text: String
    var isProgram = false
  }

  var name: String
  var owner: String
  var port: Int
  /// Whether a platform.yaml is above it already.
  var hasPlatform: Bool

  var files: [File] {
    [
      File(path: "microservice.yaml", text: definition), File(path: "app/server.py", text: program, isProgram: true),
      File(path: "app/test_server.py", text: test), File(path: "Dockerfile", text: image),
      File(path: ".dockerignore", text: "*\n!app/server.py\n"), File(path: ".gitignore", text: "out/\n__pycache__/\n"),
      File(path: "Makefile", text: makefile), File(path: "README.md", text: readme),
      File(path: ".circleci/config.yml", text: circleCI), File(path: ".github/workflows/ci.yaml", text: gitHubActions),
    ] + (hasPlatform ? [] : [File(path: "platform.yaml", text: platform)])
  }

  private var definition: String {
    """
    # What this service is. Every field: docs/reference.md of Sakigake.
    apiVersion: sakigake.dev/v1
    kind: Microservice
    metadata: { name: \(name) }
    spec:
      owner: \(owner)
      image: \(name)
      port: \(port)
      health: /healthz
      resources: { cpu: 100m, memory: 64Mi }
      env: { LOG_LEVEL: info }
      expose: {}
      scale: { min: 2, max: 10, on: [{ cpu: 70% }] }
    environments:
      local:
        expose: { nodePort: 30080 }

    """
  }

  private var platform: String {
    """
    # Enough to try the service out. Your platform's own file takes its place: remove this one, and name the other
    # with --platform.
    apiVersion: sakigake.dev/v1
    kind: Platform
    metadata: { name: trial }
    spec:
      registry: registry.example.com
    environments:
      production: {}
      # One machine: every pod has an address of the loopback range, programs are run where images would be pulled.
      local:
        registry: local
        tag: dev
        mesh: { controlPlane: node, loopback: podIP }

    """
  }

  private var makefile: String {
    """
    # What can be done here.
    SAKIGAKE ?= sakigake
    LOCAL := out/local
    export KUBECONFIG := $(CURDIR)/$(LOCAL)/kubeconfig

    .PHONY: test check local down

    test: ## Test the program
    \tcd app && python3 -m unittest -q

    check: ## Read the definition and render it for every environment
    \t$(SAKIGAKE) render -f . -e production --tag check > /dev/null
    \t$(SAKIGAKE) render -f . -e local > /dev/null

    local: ## Run the service in a cluster on this machine: http://127.0.0.1:30080/
    \t$(SAKIGAKE) local up --data-dir $(LOCAL) --image \(name)=$(CURDIR)/app/server.py --detach
    \t$(SAKIGAKE) apply -f . -e local
    \t@echo "Serving http://127.0.0.1:30080/"

    down: ## End that cluster
    \t$(SAKIGAKE) local down --data-dir $(LOCAL)

    """
  }

  private var readme: String {
    """
    # \(name)
    Owned by \(owner).

    ```sh
    make test     # the program's tests
    make check    # what the definition becomes, in every environment
    make local    # the service in a cluster on this machine: curl http://127.0.0.1:30080/
    make down
    ```

    | | |
    |---|---|
    | `microservice.yaml` | What the service is: size, environment, who calls whom. There is no other manifest |
    | `app/` | The program, and its tests |
    | `Dockerfile` | Its image, which runs as nobody with a file system that cannot be written to |
    | `.circleci/`, `.github/` | Test, check, and deploy what is on `main`; keep the one that you use |

    The pipelines need, besides the registry's credentials, `SAKIGAKE_IMAGE`: an image that has `sakigake`, and a
    `KUBECONFIG` for the cluster.

    """
  }
}
