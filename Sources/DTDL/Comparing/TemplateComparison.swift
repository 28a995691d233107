/// What changed from one version of a template to another: by capability, with the effect on devices that were built for the older one.
public struct TemplateComparison: Sendable {
    /// All changes: those of the template, then by module, component and capability, in the newer template's order, removals last.
    public private(set) var changes: [TemplateChange] = []

    private let old: CompiledTemplate
    private let new: CompiledTemplate
    private var removed: [Int] = []
    private var added: [Int] = []

    /// Compares two versions.
    public init(from older: DeviceTemplate, to newer: DeviceTemplate) {
        old = older.compiled
        new = newer.compiled
        if older.templateID != newer.templateID {
            changes.append(change(.templateID, .cosmetic, before: older.templateID, after: newer.templateID))
        }
        if older.displayName != newer.displayName {
            changes.append(change(.displayNameChanged, .cosmetic, before: older.displayName ?? "none", after: newer.displayName ?? "none"))
        }
        compareModules()
        pairMoved()
        pairRenamed()
        for index in added { changes.append(capabilityChange(.capabilityAdded, .additive, of: index, before: "none", after: describe(new, index))) }
        for index in removed { changes.append(removal(of: index)) }
    }

    /// The changes with this effect.
    public func changes(_ effect: TemplateChange.Effect) -> [TemplateChange] { changes.filter { $0.effect == effect } }

    // MARK: - Modules and components

    private mutating func compareModules() {
        for (number, module) in new.modules.enumerated() {
            guard let before = old.modules.firstIndex(where: { $0.name == module.name }) else {
                changes.append(change(.moduleAdded, .additive, module: module.name, before: "none", after: module.interfaceID))
                continue
            }
            compareComponents(old: before, new: number)
        }
        for module in old.modules where !new.modules.contains(where: { $0.name == module.name }) {
            changes.append(change(.moduleRemoved, .breaking, module: module.name, before: module.interfaceID, after: "none"))
        }
    }

    private mutating func compareComponents(old oldModule: Int, new newModule: Int) {
        let before = old.components.indices.filter { old.components[$0].module == oldModule }
        let after = new.components.indices.filter { new.components[$0].module == newModule }
        let module = new.modules[newModule].name
        for number in after {
            let name = new.components[number].name
            guard let match = before.first(where: { old.components[$0].name == name }) else {
                changes.append(
                    change(.componentAdded, .additive, module: module, component: name, before: "none", after: new.components[number].interfaceID))
                added += new.components[number].capabilities
                continue
            }
            compareCapabilities(old: match, new: number)
        }
        for number in before where !after.contains(where: { new.components[$0].name == old.components[number].name }) {
            let component = old.components[number]
            changes.append(
                change(.componentRemoved, .breaking, module: module, component: component.name, before: component.interfaceID, after: "none"))
            removed += component.capabilities
        }
    }

    private mutating func compareCapabilities(old oldComponent: Int, new newComponent: Int) {
        var rest = old.components[oldComponent].capabilities
        for index in new.components[newComponent].capabilities {
            let capability = new.capabilities[index]
            let namesakes = rest.filter { old.capabilities[$0].name == capability.name }
            guard let match = namesakes.first(where: { old.capabilities[$0].kind == capability.kind }) ?? namesakes.first else {
                added.append(index)
                continue
            }
            rest.removeAll { $0 == match }
            compare(match, index)
        }
        removed += rest
    }

    // MARK: - Capabilities

    private mutating func compare(_ before: Int, _ after: Int) {
        let (was, now) = (old.capabilities[before], new.capabilities[after])
        if was.kind != now.kind {
            let isWritability = [was.kind, now.kind].allSatisfy { $0 == .readOnlyProperty || $0 == .writableProperty }
            // A report of a property stays right when it becomes writable; one that no more is writable loses what was desired.
            let effect: TemplateChange.Effect = isWritability && now.kind == .writableProperty ? .additive : .breaking
            changes.append(
                capabilityChange(isWritability ? .writableChanged : .kindChanged, effect, of: after, before: "\(was.kind)", after: "\(now.kind)"))
        }
        compareSchemas(was.program, now.program, of: after, within: "")
        compareSchemas(was.requestProgram, now.requestProgram, of: after, within: "/request")
        compareSchemas(was.responseProgram, now.responseProgram, of: after, within: "/response")
        if was.unit != now.unit {
            changes.append(capabilityChange(.unitChanged, .breaking, of: after, before: was.unit ?? "none", after: now.unit ?? "none"))
        }
        if was.displayName != now.displayName {
            changes.append(
                capabilityChange(.displayNameChanged, .cosmetic, of: after, before: was.displayName ?? "none", after: now.displayName ?? "none"))
        }
    }

    private mutating func compareSchemas(_ before: Int?, _ after: Int?, of index: Int, within pointer: String) {
        switch (before, after) {
        case (nil, nil): return
        case (let before?, let after?):
            for difference in SchemaComparison(old.programs, before, new.programs, after).differences {
                let kind: TemplateChange.Kind =
                    difference.relation == .wider ? .schemaWidened : difference.relation == .narrower ? .schemaNarrowed : .schemaChanged
                changes.append(
                    capabilityChange(
                        kind, kind == .schemaWidened ? .additive : .breaking, of: index, pointer: pointer + difference.pointer,
                        before: difference.before,
                        after: difference.after))
            }
        case (let before?, nil):
            changes.append(
                capabilityChange(.schemaChanged, .breaking, of: index, pointer: pointer, before: old.programs.summary(of: before), after: "none"))
        case (nil, let after?):
            changes.append(
                capabilityChange(.schemaChanged, .breaking, of: index, pointer: pointer, before: "none", after: new.programs.summary(of: after)))
        }
    }

    /// Capabilities that are gone in one place and there in another, under the same name.
    private mutating func pairMoved() {
        for before in removed {
            guard let after = added.first(where: { new.capabilities[$0].name == old.capabilities[before].name && isAlike(before, $0) }) else {
                continue
            }
            removed.removeAll { $0 == before }
            added.removeAll { $0 == after }
            changes.append(capabilityChange(.capabilityMoved, .breaking, of: after, before: place(old, before), after: place(new, after)))
            compare(before, after)
        }
    }

    /// Capabilities that are gone and there under a similar name, or with the same name for people, in the same component.
    private mutating func pairRenamed() {
        for before in removed {
            let candidates = added.filter { isAlike(before, $0) && place(old, before) == place(new, $0) }
            let best = candidates.map { (index: $0, likeness: likeness(before, $0)) }.max { $0.likeness < $1.likeness }
            guard let best, best.likeness > 0 else { continue }
            removed.removeAll { $0 == before }
            added.removeAll { $0 == best.index }
            changes.append(
                capabilityChange(
                    .capabilityRenamed, .breaking, of: best.index, before: old.capabilities[before].name, after: new.capabilities[best.index].name))
            compare(before, best.index)
        }
    }

    private func isAlike(_ before: Int, _ after: Int) -> Bool {
        let (was, now) = (old.capabilities[before], new.capabilities[after])
        guard was.kind == now.kind else { return false }
        guard let oldProgram = was.program, let newProgram = now.program else { return was.program == nil && now.program == nil }
        return SchemaComparison(old.programs, oldProgram, new.programs, newProgram).relation.isEmpty
    }

    /// 0 for names that have nothing to do with each other; more for more alike.
    private func likeness(_ before: Int, _ after: Int) -> Int {
        let (was, now) = (old.capabilities[before], new.capabilities[after])
        let (left, right) = (Array(was.name.utf8).map { $0 | 0x20 }, Array(now.name.utf8).map { $0 | 0x20 })
        if left == right { return 1000 }
        if let display = was.displayName, display == now.displayName { return 500 }
        guard left.count <= 256, right.count <= 256 else { return 0 }
        let distance = CompiledTemplate.editDistance(left, right)
        return distance <= max(left.count, right.count) / 3 ? 100 - distance : 0
    }

    // MARK: - Words

    private func removal(of index: Int) -> TemplateChange {
        let capability = old.capabilities[index]
        let component = old.components[capability.component]
        return TemplateChange(
            kind: .capabilityRemoved, effect: .breaking, module: old.modules[component.module].name, component: component.name,
            capability: capability.name,
            pointer: "", before: describe(old, index), after: "none")
    }

    private func describe(_ template: CompiledTemplate, _ index: Int) -> String {
        let capability = template.capabilities[index]
        return capability.program.map { "\(capability.kind): \(template.programs.summary(of: $0))" } ?? "\(capability.kind)"
    }

    private func place(_ template: CompiledTemplate, _ index: Int) -> String {
        let component = template.components[template.capabilities[index].component]
        return "module \"\(template.modules[component.module].name)\", component \"\(component.name)\""
    }

    private func change(
        _ kind: TemplateChange.Kind, _ effect: TemplateChange.Effect, module: String = "", component: String = "", before: String, after: String
    ) -> TemplateChange {
        TemplateChange(kind: kind, effect: effect, module: module, component: component, capability: "", pointer: "", before: before, after: after)
    }

    private func capabilityChange(
        _ kind: TemplateChange.Kind, _ effect: TemplateChange.Effect, of index: Int, pointer: String = "", before: String, after: String
    ) -> TemplateChange {
        let capability = new.capabilities[index]
        let component = new.components[capability.component]
        return TemplateChange(
            kind: kind, effect: effect, module: new.modules[component.module].name, component: component.name, capability: capability.name,
            pointer: pointer, before: before, after: after)
    }
}
