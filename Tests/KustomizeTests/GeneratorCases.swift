extension ExpectedTree {
  static let generatorCases: [ExpectedTree] = [
    ExpectedTree(
      name: "literalsFilesAndEnvs", directory: "",
      files: [
        "kustomization.yaml": #"""
        configMapGenerator:
        - name: settings
          literals: [LEVEL=info, 'QUOTED="two words"', EQUALS=a=b, EMPTY=]
          files: [notes.txt, renamed=notes.txt]
          envs: [vars.env]

        """#,
        "notes.txt": #"""
        first
        second

        """#,
        "vars.env": #"""
        # comment
        HOST=example.com
          INDENTED=yes
        BARE

        """#,
      ],
      yaml: #"""
        apiVersion: v1
        data:
          BARE: ""
          EMPTY: ""
          EQUALS: a=b
          HOST: example.com
          INDENTED: "yes"
          LEVEL: info
          QUOTED: two words
          notes.txt: |
            first
            second
          renamed: |
            first
            second
        kind: ConfigMap
        metadata:
          name: settings-cf2mb8tc4b

        """#),
    ExpectedTree(
      name: "secretsAreInBase64", directory: "",
      files: [
        "kustomization.yaml": #"""
        secretGenerator:
        - name: key
          type: example.com/kind
          literals: [short=value, long=0123456789012345678901234567890123456789012345678901234567890123456789]

        """#
      ],
      yaml: #"""
        apiVersion: v1
        data:
          long: |
            MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMT
            IzNDU2Nzg5MDEyMzQ1Njc4OQ==
          short: dmFsdWU=
        kind: Secret
        metadata:
          name: key-bdk99dm6h2
        type: example.com/kind

        """#),
    ExpectedTree(
      name: "optionsOfAllAndOfOne", directory: "",
      files: [
        "kustomization.yaml": #"""
        generatorOptions:
          labels: {all: "yes"}
          disableNameSuffixHash: true
        configMapGenerator:
        - name: one
          literals: [a=b]
          options: {labels: {own: "1"}, annotations: {note: x}, immutable: true}

        """#
      ],
      yaml: #"""
        apiVersion: v1
        data:
          a: b
        immutable: true
        kind: ConfigMap
        metadata:
          annotations:
            note: x
          labels:
            all: "yes"
            own: "1"
          name: one

        """#),
    ExpectedTree(
      name: "behaviourMergeKeepsTheFirstName", directory: "overlay",
      files: [
        "base/kustomization.yaml": #"""
        namePrefix: base-
        resources: [deployment.yaml]
        configMapGenerator:
        - {name: settings, literals: [LEVEL=info, KEPT=1]}

        """#,
        "base/deployment.yaml": #"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
        spec:
          replicas: 1
          selector:
            matchLabels: {app: web}
          template:
            metadata:
              labels: {app: web}
            spec:
              containers:
              - name: app
                image: nginx:1.0
                env:
                - {name: A, value: "1"}
                - {name: LEVEL, valueFrom: {configMapKeyRef: {name: settings, key: LEVEL}}}
                ports:
                - {containerPort: 80, protocol: TCP}
                - {containerPort: 80, protocol: UDP}

        """#,
        "overlay/kustomization.yaml": #"""
        resources: [../base]
        configMapGenerator:
        - {name: settings, behavior: merge, literals: [LEVEL=debug]}

        """#,
      ],
      yaml: #"""
        apiVersion: v1
        data:
          KEPT: "1"
          LEVEL: debug
        kind: ConfigMap
        metadata:
          name: base-settings-ggb888c7g2
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: base-web
        spec:
          replicas: 1
          selector:
            matchLabels:
              app: web
          template:
            metadata:
              labels:
                app: web
            spec:
              containers:
              - env:
                - name: A
                  value: "1"
                - name: LEVEL
                  valueFrom:
                    configMapKeyRef:
                      key: LEVEL
                      name: base-settings-ggb888c7g2
                image: nginx:1.0
                name: app
                ports:
                - containerPort: 80
                  protocol: TCP
                - containerPort: 80
                  protocol: UDP

        """#),
    ExpectedTree(
      name: "aGeneratorOfItsOwnKnowsNoEnv", directory: "",
      files: [
        "kustomization.yaml": #"""
        generators:
        - |-
          apiVersion: builtin
          kind: SecretGenerator
          metadata: {name: key}
          env: vars.env
          literals: [a=1]

        """#,
        "vars.env": #"""
        B=2

        """#,
      ],
      yaml: #"""
        apiVersion: v1
        data:
          a: MQ==
        kind: Secret
        metadata:
          name: key-25khgmg44c
        type: Opaque

        """#),
  ]
}
