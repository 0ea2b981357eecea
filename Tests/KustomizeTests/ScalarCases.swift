extension ExpectedTree {
  static let scalarCases: [ExpectedTree] = [
    ExpectedTree(
      name: "textsAreQuotedAsGoQuotesThem", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [own.yaml]

        """#,
        "own.yaml": #"""
        apiVersion: v1
        kind: Foo
        metadata:
          name: x
          annotations:
            n: 1.10
            d: 2001-01-01
        spec:
          long: this is a very long plain string that should be folded if the emitter folds long strings at eighty columns wide
          dq: "this: is a very long plain string that should be folded if the emitter folds long strings at eighty columns wide"
          big: 18446744073709551615
          bigger: 184467440737095516150
          neg: -9223372036854775808
          f: 1.0
          f2: 1e3
          f3: 1234567.5
          f4: 1e21
          f5: 0.000001
          f6: 1e-7
          o: 012
          o2: 0o12
          h: 0x1F
          y: yes
          b: True
          nul: ~
          e:
          es: ""
          emoji: "😀 abc"
          tab: "a\tb"
          ml: |
            a
             b

            c
          ml2: |-
            a
            b
          ml3: |+
            a

          ml4: "  a\nb"
          ml5: "a \nb"
          ml6: "a\nb "
          bin: !!binary aGVsbG8=
          tagged: !foo bar
          ts: 2001-12-14T21:59:43.10Z
          "1": a
          a10: 1
          a9: 1
          b60: 1:30
          u: 1_000
          nbsp: "a b"
          under: _
          eq: =
          lt: <<
          star: "*a"
          emptyl: []
          emptym: {}
          list: [a, [b, c], {d: e, f: g}, []]
          und: "0.1_0"
          sci: 1.e3
          dot: .5
          dots: "."
          plus: +5
          pf: +5.5

        """#,
      ],
      yaml: #"""
        apiVersion: v1
        kind: Foo
        metadata:
          annotations:
            d: "2001-01-01"
            "n": "1.10"
          name: x
        spec:
          "1": a
          a9: 1
          a10: 1
          b: true
          b60: "1:30"
          big: 18446744073709551615
          bigger: 1.844674407370955e+20
          bin: hello
          dot: 0.5
          dots: .
          dq: 'this: is a very long plain string that should be folded if the emitter folds
            long strings at eighty columns wide'
          e: null
          emoji: "\U0001F600 abc"
          emptyl: []
          emptym: {}
          eq: =
          es: ""
          f: 1
          f2: 1000
          f3: 1.2345675e+06
          f4: 1e+21
          f5: 1e-06
          f6: 1e-07
          h: 31
          list:
          - a
          - - b
            - c
          - d: e
            f: g
          - []
          long: this is a very long plain string that should be folded if the emitter folds
            long strings at eighty columns wide
          lt: <<
          ml: |
            a
             b

            c
          ml2: |-
            a
            b
          ml3: |+
            a

          ml4: |2-
              a
            b
          ml5: "a \nb"
          ml6: "a\nb "
          nbsp: a b
          neg: -9223372036854775808
          nul: null
          o: 10
          o2: 10
          pf: 5.5
          plus: 5
          sci: 1000
          star: '*a'
          tab: "a\tb"
          tagged: bar
          ts: "2001-12-14T21:59:43.1Z"
          u: 1000
          und: "0.1_0"
          under: _
          "y": "yes"

        """#),
    ExpectedTree(
      name: "anchorsAndMergeKeys", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [own.yaml]

        """#,
        "own.yaml": #"""
        apiVersion: example.com/v1
        kind: Own
        metadata: {name: x, labels: &l {a: b, c: d}}
        spec:
          copy: *l
          merged: {<<: *l, c: e}
          folded: >-
            one
            two

            three

        """#,
      ],
      yaml: #"""
        apiVersion: example.com/v1
        kind: Own
        metadata:
          labels:
            a: b
            c: d
          name: x
        spec:
          copy:
            a: b
            c: d
          folded: |-
            one two
            three
          merged:
            a: b
            c: e

        """#),
    ExpectedTree(
      name: "whatIsLeftOutInFlowStyle", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [settings.yaml]
        patches:
        - patch: |
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            data: {k: }

        """#,
        "settings.yaml": #"""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings}
        data: {k: v, l: w}
        list: [{a: , b: 1}, {c}, {d: &x , e: *x}, {f: !!null , g: ~}]
        block:
        - a:

        """#,
      ],
      yaml: #"""
        apiVersion: v1
        block:
        - a: null
        data:
          l: w
        kind: ConfigMap
        list:
        - a: ""
          b: 1
        - c: ""
        - d: ""
          e: ""
        - f: null
          g: null
        metadata:
          name: settings

        """#),
    ExpectedTree(
      name: "foldedTexts", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [settings.yaml, list.yaml]
        patches:
        - patch: |
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            data: {changed: "x\n y\n"}

        """#,
        "settings.yaml": #"""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: settings
          annotations:
            a: >
              b
                c
              d
        data:
          a: >
            b
              c
            d
          blank: >
            b 
              c
          changed: >
            b
              c

        """#,
        "list.yaml": #"""
        apiVersion: v1
        kind: ConfigMapList
        items:
        - apiVersion: v1
          kind: ConfigMap
          metadata: {name: other}
          data:
            a: >
              b
                c
              d

        """#,
      ],
      yaml: #"""
        apiVersion: v1
        data:
          a: |
            b
              c
            d
        kind: ConfigMap
        metadata:
          name: other
        ---
        apiVersion: v1
        data:
          a: |
            b

              c
            d
          blank: "b \n  c\n"
          changed: |
            x

             y
        kind: ConfigMap
        metadata:
          annotations:
            a: |
              b
                c
              d
          name: settings

        """#),
    ExpectedTree(
      name: "columnsCountCharacters", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [settings.yaml]

        """#,
        "settings.yaml": #"""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings}
        data:
          鍵鍵鍵: word word word word word word word word word word word word word word word word word

        """#,
      ],
      yaml: #"""
        apiVersion: v1
        data:
          鍵鍵鍵: word word word word word word word word word word word word word word word
            word word
        kind: ConfigMap
        metadata:
          name: settings

        """#),
    ExpectedTree(
      name: "keysWithQuestionMarks", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [settings.yaml]

        """#,
        "settings.yaml": #"""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings}
        ? list
        : - 1
          - a: b
            c: d
        ? map
        : x: y
          z:
          - 1
        ? indentless
        :
        - 1
        ? |-
          two
          lines
        : - - 1
        ? nothing
        ? text
        : t

        """#,
      ],
      yaml: #"""
        apiVersion: v1
        indentless:
        - 1
        kind: ConfigMap
        list:
        - 1
        - a: b
          c: d
        map:
          x: "y"
          z:
          - 1
        metadata:
          name: settings
        nothing: null
        text: t
        ? |-
          two
          lines
        : - - 1

        """#),
    ExpectedTree(
      name: "labelsThatAreNoMap", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [settings.yaml]

        """#,
        "settings.yaml": #"""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings, labels: false, annotations: text}

        """#,
      ],
      yaml: #"""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          labels: false
          name: settings

        """#),
  ]
}
