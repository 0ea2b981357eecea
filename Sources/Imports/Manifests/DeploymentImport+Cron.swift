import Definitions
import Kubernetes

/// CronJobs that run the Deployment's own image.
extension DeploymentImport {
  private static let pod = ["spec", "jobTemplate", "spec", "template", "spec"]

  mutating func readCronJobs(image: String) {
    var cron = JSONObject()
    while let index = manifests.first(
      "CronJob", where: { $0.node(Self.pod + ["containers", "0", "image"])?.json == .string(image) })
    {
      manifests.used.insert(index)
      guard let name = OpsWorksImport.serviceName(manifests.objects[index].name), cron[name] == nil,
        let entry = scheduled(index)
      else { continue }
      cron[name] = .object(entry)
    }
    if !cron.isEmpty { spec["cron"] = .object(cron) }
  }

  /// - Returns: nil where it would not run what it ran.
  private mutating func scheduled(_ index: Int) -> JSONObject? {
    guard let schedule = manifests.objects[index].json("spec", "schedule")?.stringValue,
      (try? CronSchedule(parsing: schedule)) != nil, !schedule.contains("TZ=")
    else { return nil }
    let container = Self.pod + ["containers", "0"]
    var entry: JSONObject = ["schedule": .string(schedule)]
    for list in ["command", "args"] {
      guard let values = manifests.objects[index].node(container + [list])?.json.arrayValue else { continue }
      let texts = values.compactMap(\.stringValue)
      guard texts.count == values.count, !texts.contains(where: { SecretSigns.isSecretText($0, named: "") }) else {
        return nil
      }
      entry[list] = .array(values)
      _ = manifests.objects[index].take(container + [list])
    }
    guard entry["command"] != nil || entry["args"] != nil else { return nil }
    for path in [["spec", "schedule"], container + ["image"], container + ["name"]] {
      _ = manifests.objects[index].take(path)
    }
    if let zone = manifests.objects[index].json("spec", "timeZone")?.stringValue, zone == "UTC" || zone.contains("/") {
      entry["zone"] = .string(zone)
      _ = manifests.objects[index].take(["spec", "timeZone"])
    }
    // Kubernetes' own default is Allow, the platform's is forbid.
    let policy = manifests.objects[index].take(["spec", "concurrencyPolicy"])?.stringValue ?? "Allow"
    entry["concurrency"] = .string(["Forbid": "forbid", "Replace": "replace"][policy] ?? "allow")
    if manifests.objects[index].take(["spec", "suspend"]) == true { entry["suspended"] = true }
    return entry
  }
}
