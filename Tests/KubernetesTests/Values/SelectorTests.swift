import Kubernetes
import Testing

@Suite struct SelectorTests {
  @Test(arguments: [
    ("", ""), ("a=b", "a=b"), ("a==b", "a=b"), (" a = b , c != d ", "a=b,c!=d"), ("e in (y, x)", "e in (x,y)"),
    ("e in (x)", "e=x"), ("e notin (x,y),f,!g", "e notin (x,y),f,!g"), ("a=", "a="), ("a=,b", "a=,b"),
    ("n>5,m<10", "n>5,m<10"),
    ("example.com/a.b_c-d=v.1", "example.com/a.b_c-d=v.1"), ("in in (in)", "in=in"), ("a in (,x)", "a in (,x)"),
    ("a in ()", "a="),
  ])
  func readsAndWritesLabelSelectors(_ text: String, _ canonical: String) throws {
    #expect(try LabelRequirement.parse(text).text == canonical)
    #expect(try LabelRequirement.parse(canonical).text == canonical)
  }

  @Test(arguments: [
    ",", "a=b,", "a=b,,c", "a b", "a in", "a in (", "a in (b", "a in b", "=b", "!", "!!a", "a!b", "a=b=c", "a=(b)",
    "-a=b", "a/b/c=d",
    "/a=b", "UPPER.com/a=b", "a=b c", "n>x", "ä=b", "a=\u{7}", "a in (b c)",
  ])
  func refusesLabelSelectors(_ text: String) {
    #expect(throws: SelectorSyntaxError.self) { try LabelRequirement.parse(text) }
  }

  @Test func aKeyIsAtMost63BytesLong() throws {
    let name = String(repeating: "a", count: 63)
    #expect(try LabelRequirement.parse("\(name)=\(name)").count == 1)
    #expect(throws: SelectorSyntaxError.self) { try LabelRequirement.parse("\(name)a") }
    #expect(throws: SelectorSyntaxError.self) { try LabelRequirement.parse("a=\(name)a") }
  }

  @Test func selectsAsSetsDo() throws {
    let labels = ["app": "web", "n": "7"]
    for text in [
      "app=web", "app in (web,db)", "app!=db", "other!=x", "other notin (x)", "!other", "app", "n>6", "n<8", "",
    ] {
      #expect(try LabelRequirement.parse(text).matches(labels), "\(text)")
    }
    for text in ["app=db", "app notin (web)", "other", "!app", "n>7", "app>1", "other in (x)", "app=web,n=8"] {
      #expect(try !LabelRequirement.parse(text).matches(labels), "\(text)")
    }
  }

  @Test func aSelectorObjectHasATextAndBack() throws {
    var selector = LabelSelector(matchLabels: ["b": "2", "a": "1"])
    selector.matchExpressions = [LabelRequirement(key: "c", op: .notIn, values: ["y", "x"])]
    #expect(selector.text == "a=1,b=2,c notin (x,y)")
    let again = try LabelSelector(parsing: selector.text)
    #expect(again.matchLabels == selector.matchLabels)
    #expect(again.matchExpressions == [LabelRequirement(key: "c", op: .notIn, values: ["x", "y"])])
    #expect(LabelSelector().text == "")
  }

  @Test func fieldSelectors() throws {
    let selector = try FieldSelector(parsing: "metadata.name=web, status.phase!=Running,spec.nodeName==")
    #expect(
      selector.requirements == [
        .init("metadata.name", "web"), .init("status.phase", isEqual: false, "Running"), .init("spec.nodeName", ""),
      ])
    #expect(selector.text == "metadata.name=web,status.phase!=Running,spec.nodeName=")
    #expect(selector.value(of: "metadata.name") == "web")
    #expect(selector.matches(["metadata": ["name": "web"], "status": ["phase": "Pending"]]))
    #expect(!selector.matches(["metadata": ["name": "web"], "status": ["phase": "Running"]]))
    #expect(!selector.matches(["metadata": ["name": "web"], "spec": ["nodeName": "n"]]))
    #expect(try FieldSelector(parsing: "").requirements.isEmpty)
    let escaped = FieldSelector([.init("reason", #"a,b=c\d"#)])
    #expect(escaped.text == #"reason=a\,b\=c\\d"#)
    #expect(try FieldSelector(parsing: escaped.text) == escaped)
    for text in ["a", "=b", "a!b", "a=b=c", #"a=\x"#, #"a=\"#] {
      #expect(throws: SelectorSyntaxError.self, "\(text)") { try FieldSelector(parsing: text) }
    }
  }
}
