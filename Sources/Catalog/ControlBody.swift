package import Diagnostics
import Hashing
package import JSON

/// The bodies of the control events that a fold has to know, as JSON objects.
///
/// | kind | members |
/// |---|---|
/// | `publish` | `template_id`, `version` (ordinal), `version_key`, `sha256` (hex), `first` (whether it is the id's first version, which is in force at once) |
/// | `activate` | `template_id`, `version`, `version_key`, `sha256` |
/// | `assign` | `template_id`, `tenant` (empty: every tenant), `devices` (patterns of device ids with `*` and `?`) |
/// | `rule_set` | `version` |
/// | `replay` | `act` (`plan`, `run`, `pause`, `resume`, `abort`, `retire`), `run`, `generation`; a `plan` that tries a version out also `template_id`, `version_key`, `devices` (patterns; none is all) |
/// | `promote` | `act` (`promote`, `rollback`), `run`, `generation`, `from_generation`, `template_id` and `version_key` of what is in force then, `diff` (hex) |
/// | `export` | `act` (`import`, `accept`, `bind`, `unbind`, `reconcile`, `backfill`), `tenant`, and what it is about: `exports` and `destinations` with their versions, `gap` and `reason`, or `export_id`, `destination_id` and `topic` |
///
/// Members beyond these are left alone, so that later programs may add some.
package enum ControlBody {
    static func publish(_ version: TemplateVersion, isFirst: Bool) -> JSONTree {
        .object([
            "template_id": .string(version.templateID), "version": .integer(version.version), "version_key": .integer(version.key),
            "sha256": .string(version.sha256.hex), "first": .bool(isFirst),
        ])
    }

    static func activate(_ version: TemplateVersion) -> JSONTree {
        .object([
            "template_id": .string(version.templateID), "version": .integer(version.version), "version_key": .integer(version.key),
            "sha256": .string(version.sha256.hex),
        ])
    }

    static func assign(templateID: String, tenant: String, devices: [String]) -> JSONTree {
        .object([
            "template_id": .string(templateID), "tenant": .string(tenant), "devices": .array(devices.map { .string($0) }),
        ])
    }

    /// A replay's plan that tries a version out; without patterns for all devices.
    package static func replayPlan(
        run: Int32, generation: Int32, templateID: String, versionKey: Int32, devices: [String]
    ) -> JSONTree {
        .object([
            "act": .string("plan"), "run": .integer(run), "generation": .integer(generation), "template_id": .string(templateID),
            "version_key": .integer(versionKey), "devices": .array(devices.map { .string($0) }),
        ])
    }

    static func ruleSet(version: Int) -> JSONTree {
        .object(["version": .integer(version)])
    }
}

extension ControlEvent {
    /// What the event means to a fold.
    ///
    /// - Throws: ``CatalogError/Code/controlEventInvalid`` where the body lacks what its kind asks for.
    package func act() throws(CatalogError) -> ControlAct {
        switch kind {
        case .publish:
            .publish(templateID: try text("template_id"), versionKey: try versionKey(), isFirst: try boolean("first"))
        case .activate:
            .activate(templateID: try text("template_id"), versionKey: try versionKey())
        case .assign:
            .assign(templateID: try text("template_id"), tenant: try text("tenant"), devices: try texts("devices"))
        case .ruleSet:
            .ruleSet(version: Int(try integer("version")))
        case .replay where body["version_key"] != nil:
            .replay(
                generation: try number("generation"), templateID: try text("template_id"), versionKey: try versionKey(), devices: try texts("devices")
            )
        case .replay, .promote, .retain, .newSourceLife, .hole, .reindex, .export:
            .other
        }
    }

    private func text(_ name: String) throws(CatalogError) -> String {
        guard let value = body[name]?.stringValue else { throw invalid(name, expected: "a string") }
        return value
    }

    private func texts(_ name: String) throws(CatalogError) -> [String] {
        guard let value = body[name], value.kind == .array else { throw invalid(name, expected: "an array of strings") }
        var texts: [String] = []
        for element in value.elements {
            guard let text = element.stringValue else { throw invalid(name, expected: "an array of strings") }
            texts.append(text)
        }
        return texts
    }

    private func boolean(_ name: String) throws(CatalogError) -> Bool {
        guard let value = body[name]?.boolValue else { throw invalid(name, expected: "true or false") }
        return value
    }

    private func integer(_ name: String) throws(CatalogError) -> Int64 {
        guard let value = body[name]?.integerValue else { throw invalid(name, expected: "an integer") }
        return value
    }

    private func versionKey() throws(CatalogError) -> Int32 { try number("version_key") }

    private func number(_ name: String) throws(CatalogError) -> Int32 {
        guard let number = Int32(exactly: try integer(name)) else { throw invalid(name, expected: "a number of 32 bits") }
        return number
    }

    private func invalid(_ name: String, expected: String) -> CatalogError {
        let actual = body[name].map { "\($0.kind)" } ?? "nothing"
        return CatalogError(
            .controlEventInvalid,
            "Control event \(seq) (\(kind.rawValue)) has \(actual) in \"\(name)\", expected \(expected); it was not written by this program.")
    }
}
