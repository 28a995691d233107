internal import JSON

/// Documents of IoT Central as documents of DTDL: device templates unwrapped, older shapes turned into present ones, modules beside the device.
struct IoTCentralForm {
    private(set) var documents: [JSONTree] = []
    private static let context = JSONTree.array([.string("dtmi:iotcentral:context;2"), .string("dtmi:dtdl:context;2")])

    init(_ tree: JSONTree) {
        for document in tree.values {
            let root = document.property("capabilityModel")?.single ?? document
            documents.append(top(root))
        }
    }

    /// An Interface that stands by itself, with a context and an id.
    private mutating func top(_ interface: JSONTree) -> JSONTree {
        guard interface.kind == .object else { return interface }
        var members = present(interface).members.filter { $0.key != "@context" || isKnown($0.value) }
        if !members.contains(where: { $0.key == "@context" }) { members.append(JSONTree.Member(key: "@context", value: Self.context)) }
        if !members.contains(where: { $0.key == "@id" }) { members.append(JSONTree.Member(key: "@id", value: .string("dtmi:iotcentral:unnamed;1"))) }
        return .object(members)
    }

    private func isKnown(_ context: JSONTree) -> Bool {
        context.values.contains { $0.stringValue?.hasPrefix("dtmi:dtdl:context;") ?? false }
    }

    /// An element in its present shape, with all that is in it. What is in that shape already stays as it is and keeps its place in the source.
    private mutating func present(_ element: JSONTree) -> JSONTree {
        switch element.kind {
        case .array:
            let elements = element.elements.map { present($0) }
            return elements == element.elements ? element : .array(elements)
        case .object:
            let types = element.types
            if types.contains("EdgeModule") || types.contains("GatewayDevice") {
                for target in element.property("target")?.values ?? [] where target.kind == .object { documents.append(top(target)) }
            }
            let members = element.members.compactMap { present($0, of: element, types: types) }
            let isSame =
                members.count == element.members.count && zip(members, element.members).allSatisfy { $0.key == $1.key && $0.value == $1.value }
            return isSame ? element : .object(members)
        default: return element
        }
    }

    private mutating func present(_ member: JSONTree.Member, of element: JSONTree, types: [Substring]) -> JSONTree.Member? {
        switch member.key {
        case "target" where member.value.kind != .string: return nil
        case "@context" where member.value.values.contains { !($0.stringValue?.hasPrefix("dtmi:") ?? true) }: return nil
        case "contents" where member.value.kind == .array && member.value.elements.isEmpty: return nil
        case "implements":
            guard element.property("extends") == nil else { return nil }
            let schemas = member.value.values.compactMap { $0.property("schema") }
            return JSONTree.Member(key: "extends", keyOffset: member.keyOffset, value: .array(schemas.map { present($0) }))
        case "@type" where element.property("schema") == nil && (types.contains("InterfaceInstance") || types.contains("CapabilityModel")):
            let others = types.filter { $0 != "InterfaceInstance" && $0 != "CapabilityModel" }.map { JSONTree.string(String($0)) }
            return JSONTree.Member(key: member.key, keyOffset: member.keyOffset, value: .array([.string("Interface")] + others))
        case "enumValue", "initialValue", "displayName", "description", "comment": return member
        default: return JSONTree.Member(key: member.key, keyOffset: member.keyOffset, value: present(member.value))
        }
    }
}
