import Catalog
import Diagnostics
import JSON

extension Timeline.Decision {
    /// What the control log says about a device: assignments whose pattern it matches, and versions that were put in force.
    static func all(in events: [ControlEvent], tenant: String, device: String) throws(CatalogError) -> [Timeline.Decision] {
        var decisions: [Timeline.Decision] = []
        for event in events {
            switch try event.act() {
            case .assign(let templateID, let own, let patterns):
                guard own.isEmpty || own == tenant, patterns.contains(where: { DevicePattern($0).matches(device) }) else { continue }
                decisions.append(Timeline.Decision(time: event.at, actor: event.actor, kind: .assigned, templateID: templateID, value: templateID))
            case .publish(let templateID, _, isFirst: true), .activate(let templateID, _):
                let version = event.body["version"]?.integerValue.map { " version \($0)" } ?? ""
                decisions.append(
                    Timeline.Decision(
                        time: event.at, actor: event.actor, kind: .templateVersion, templateID: templateID, value: "\(templateID)\(version) in force")
                )
            case .publish, .replay, .ruleSet, .other: break
            }
        }
        return decisions.sorted { $0.time < $1.time }
    }
}
