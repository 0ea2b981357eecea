/// Test, check, build, and deploy what is on `main`: for both of the usual services.
extension ServiceTemplate {
  var circleCI: String {
    """
    # Set in the project: SAKIGAKE_IMAGE, REGISTRY, REGISTRY_USER, REGISTRY_PASSWORD, KUBECONFIG_BASE64.
    version: 2.1
    jobs:
      test:
        docker: [{ image: "cimg/python:3.13" }]
        steps:
          - checkout
          - run: make test
      check:
        docker: [{ image: "${SAKIGAKE_IMAGE}" }]
        steps:
          - checkout
          - run: sakigake render -f . -e production --tag check > /dev/null
      build:
        machine: { image: default }
        steps:
          - checkout
          - run: echo "$REGISTRY_PASSWORD" | docker login --username "$REGISTRY_USER" --password-stdin "$REGISTRY"
          - run: docker build --tag "$REGISTRY/\(name):$CIRCLE_SHA1" .
          - run: docker push "$REGISTRY/\(name):$CIRCLE_SHA1"
      deploy:
        docker: [{ image: "${SAKIGAKE_IMAGE}" }]
        steps:
          - checkout
          - run: |
              umask 077 && echo "$KUBECONFIG_BASE64" | base64 -d > /tmp/kubeconfig
              sakigake apply -f . -e production --tag "$CIRCLE_SHA1" --kubeconfig /tmp/kubeconfig --prune
    workflows:
      service:
        jobs:
          - test
          - check
          - build: { requires: [test, check], filters: { branches: { only: main } } }
          - deploy: { requires: [build], filters: { branches: { only: main } } }

    """
  }

  var gitHubActions: String {
    """
    # Set in the repository: variables SAKIGAKE_IMAGE, REGISTRY; secrets REGISTRY_USER, REGISTRY_PASSWORD, KUBECONFIG.
    name: service
    on:
      push: { branches: [main] }
      pull_request: {}
    permissions: { contents: read }
    concurrency: { group: "${{ github.workflow }}-${{ github.ref }}" }
    jobs:
      test:
        runs-on: ubuntu-latest
        steps:
          - uses: actions/checkout@v4
          - run: make test
      check:
        runs-on: ubuntu-latest
        container: "${{ vars.SAKIGAKE_IMAGE }}"
        steps:
          - uses: actions/checkout@v4
          - run: sakigake render -f . -e production --tag check > /dev/null
      build:
        needs: [test, check]
        if: github.ref == 'refs/heads/main'
        runs-on: ubuntu-latest
        steps:
          - uses: actions/checkout@v4
          - run: echo "$PASSWORD" | docker login --username "$USERNAME" --password-stdin "${{ vars.REGISTRY }}"
            env:
              USERNAME: "${{ secrets.REGISTRY_USER }}"
              PASSWORD: "${{ secrets.REGISTRY_PASSWORD }}"
          - run: docker build --tag "${{ vars.REGISTRY }}/\(name):${{ github.sha }}" .
          - run: docker push "${{ vars.REGISTRY }}/\(name):${{ github.sha }}"
      deploy:
        needs: build
        if: github.ref == 'refs/heads/main'
        runs-on: ubuntu-latest
        container: "${{ vars.SAKIGAKE_IMAGE }}"
        steps:
          - uses: actions/checkout@v4
          - run: |
              umask 077 && echo "$KUBECONFIG_TEXT" > /tmp/kubeconfig
              sakigake apply -f . -e production --tag "${{ github.sha }}" --kubeconfig /tmp/kubeconfig --prune
            env:
              KUBECONFIG_TEXT: "${{ secrets.KUBECONFIG }}"

    """
  }
}
