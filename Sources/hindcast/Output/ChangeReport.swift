import DTDL
import JSON

/// What `hindcast template diff` says.
struct ChangeReport {
    let changes: [TemplateChange]

    /// A table with the most serious changes first.
    func text(_ palette: Palette) -> [String] {
        guard !changes.isEmpty else { return ["No changes."] }
        var table = TextTable(("EFFECT", .left), ("CHANGE", .left), ("WHERE", .left), ("BEFORE", .left), ("AFTER", .left))
        for effect in [TemplateChange.Effect.breaking, .additive, .cosmetic] {
            for change in changes where change.effect == effect {
                table.add(
                    change.effect.rawValue, change.kind.rawValue, PrintableText.of(change.place), PrintableText.of(change.before),
                    PrintableText.of(change.after))
            }
        }
        return table.lines(palette)
    }

    /// The changes in their own order, each as an object on one line.
    var json: [String] {
        changes.map { change in
            JSONTree.object([
                "effect": .string(change.effect.rawValue), "change": .string(change.kind.rawValue), "module": .string(change.module),
                "component": .string(change.component), "capability": .string(change.capability), "pointer": .string(change.pointer),
                "before": .string(change.before), "after": .string(change.after),
            ]).onOneLine
        }
    }
}

extension TemplateChange {
    /// Module, component and capability with the place in its value: `module edge, component pump, flow/unit`.
    fileprivate var place: String {
        let parts = [
            module.isEmpty ? "" : "module \(module)", component.isEmpty ? "" : "component \(component)",
            capability.isEmpty ? "" : capability + pointer,
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: ", ")
    }
}
