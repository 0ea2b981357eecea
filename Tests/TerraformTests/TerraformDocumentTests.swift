import Kubernetes
import Terraform
import Testing

struct TerraformDocumentTests {
  @Test func sectionsStandInOneOrderWhateverWasAddedFirst() {
    var document = TerraformDocument(
      comment: "c", account: .init(number: "1", region: "r", tags: ["a": "b"]))
    document.output("o", "1", "an output")
    let made = document.resource("t", "a", ["x": 1])
    document.resource("t", "b", ["x": made["id"]], importedAs: "id-b")
    let looked = document.data("d", "a", [:])
    document.local("l", looked["id"])
    document.variable("v", ["type": "string"])
    #expect(
      document.json.objectValue?.keys == [
        "//", "terraform", "provider", "variable", "locals", "data", "resource", "output", "import",
      ])
    #expect(document.json["resource"]?["t"]?["b"]?["x"] == "${t.a.id}")
    #expect(document.json["locals"]?["l"] == "${data.d.a.id}")
    #expect(document.json["import"] == [["to": "t.b", "id": "id-b"]])
    #expect(document.json["provider"]?["aws"]?["allowed_account_ids"] == ["1"])
  }

  /// Without imports an older Terraform will do; without an account the provider is said elsewhere.
  @Test func onlyWhatIsNeededIsRequired() {
    var document = TerraformDocument(comment: "c")
    #expect(document.isEmpty)
    #expect(document.json["terraform"] == ["required_version": ">= 1.5"])
    document.resource("t", "a", [:], importedAs: "a")
    #expect(!document.isEmpty)
    #expect(document.json["terraform"] == ["required_version": ">= 1.6"])
    #expect(document.json["provider"] == nil)
  }

  @Test(arguments: [
    ("a.b", "a_b"), ("5xx", "_5xx"), ("-a", "_-a"), ("", "_"), ("é", "_"), ("a b", "a_b"), ("_x-1", "_x-1"),
    (String(repeating: "a", count: 300), String(repeating: "a", count: 120)),
  ]) func labelsAreNamesToTerraform(_ name: String, _ label: String) {
    #expect(TerraformDocument.label(name) == label)
  }

  @Test func labelsOfOneTypeDiffer() {
    var document = TerraformDocument(comment: "c")
    #expect(document.uniqueLabel("a.b", of: "t") == "a_b")
    #expect(document.uniqueLabel("a_b", of: "t") == "a_b_2")
    #expect(document.uniqueLabel("a b", of: "t") == "a_b_3")
    #expect(document.uniqueLabel("a b", of: "u") == "a_b")
  }

  @Test func nothingThatAPersonWroteIsATemplate() {
    #expect(TerraformDocument.literal("${a} %{b} $c") == "$${a} %%{b} $c")
    #expect(TerraformDocument.quoted("a\"\\\n${x}") == #""a\"\\\n$${x}""#)
  }
}
