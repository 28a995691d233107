internal import JSON

/// All that was seen under one name in one component.
struct ObservedCapability: Sendable {
    let name: String
    var telemetry = ObservedSchema()
    var property = ObservedSchema()
    /// How often it was seen: as telemetry, and as each sort of property.
    var telemetries = 0
    var reports = 0
    var desires = 0
    var cloudValues = 0
    /// Whether a report was an acknowledgement of a desired value.
    var isAcknowledged = false

    init(name: String) { self.name = name }

    var properties: Int { reports + desires + cloudValues }
    var count: Int { telemetries + properties }
    /// Telemetry, or a property: what it was seen as more often, a property where that is equal.
    var isTelemetry: Bool { telemetries > properties }
    /// Whether it can be set from outside.
    var isWritable: Bool { desires > 0 || isAcknowledged }
    /// Whether only the service knows of it.
    var isCloud: Bool { cloudValues > 0 && reports == 0 && desires == 0 }
}

/// All that was seen in one component.
struct ObservedComponent: Sendable {
    private(set) var capabilities: [ObservedCapability] = []
    private var indices: [String: Int] = [:]
    /// Names that are no legal ones, with how often each was seen; only some are held.
    private(set) var illegalNames: [(name: String, count: Int)] = []
    /// How many values had a name that is not held.
    private(set) var unheld = 0

    /// Widens a capability by a value.
    mutating func observe(
        _ name: String, _ value: JSONNode, in document: borrowing JSONDocument, as kind: ModelInference.Kind, origin: UInt64,
        _ observing: inout Observing
    ) {
        guard ModelName.isLegal(name) else { return observe(illegalName: name, observing.options) }
        guard let index = index(of: name, &observing) else {
            unheld += 1
            return
        }
        switch kind {
        case .telemetry:
            capabilities[index].telemetries += 1
            capabilities[index].telemetry.observe(value, in: document, origin: origin, depth: 0, &observing)
            return
        case .reportedProperty:
            capabilities[index].reports += 1
            if let acknowledged = Acknowledgement.value(of: value, in: document) {
                capabilities[index].isAcknowledged = true
                return capabilities[index].property.observe(acknowledged, in: document, origin: origin, depth: 0, &observing)
            }
        case .desiredProperty: capabilities[index].desires += 1
        case .cloudProperty: capabilities[index].cloudValues += 1
        }
        capabilities[index].property.observe(value, in: document, origin: origin, depth: 0, &observing)
    }

    private mutating func index(of name: String, _ observing: inout Observing) -> Int? {
        if let index = indices[name] { return index }
        guard capabilities.count < observing.options.maximumNames, observing.takePlace() else { return nil }
        indices[name] = capabilities.count
        capabilities.append(ObservedCapability(name: name))
        return capabilities.count - 1
    }

    private mutating func observe(illegalName name: String, _ options: InferenceOptions) {
        let name = name.utf8.count <= ModelName.maximumBytes ? name : String(decoding: name.utf8.prefix(ModelName.maximumBytes), as: UTF8.self) + "…"
        if let index = illegalNames.firstIndex(where: { $0.name == name }) {
            illegalNames[index].count += 1
        } else if illegalNames.count < options.maximumIllegalNames {
            illegalNames.append((name, 1))
        } else {
            unheld += 1
        }
    }
}

/// The envelope in which a device acknowledges a desired value: `{"value": …, "ac": 200, "av": 3, "ad": "…"}`, the last optional (IoT Plug and Play conventions,
/// "Writable properties"). By nothing but this set of members can it be told from an Object.
enum Acknowledgement {
    /// The value that is acknowledged; nil where the node is no acknowledgement.
    static func value(of node: JSONNode, in document: borrowing JSONDocument) -> JSONNode? {
        guard document.kind(node) == .object, (3...4).contains(document.count(node)), let value = document.member("value", of: node),
            let code = document.member("ac", of: node), document.integer(code) != nil, let version = document.member("av", of: node),
            document.integer(version) != nil
        else { return nil }
        guard document.count(node) == 4 else { return value }
        guard let description = document.member("ad", of: node), [.string, .null].contains(document.kind(description)) else { return nil }
        return value
    }
}
