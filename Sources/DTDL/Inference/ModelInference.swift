public import JSON

/// Infers a model from what devices sent: a fold over values, then a DTDL Interface that accepts all of them, as far as a version of DTDL can say it.
///
/// Types are widened over all values: integer, long, double; a string is a date, time, dateTime, duration or uuid only where every value is one, an Enum where few
/// values repeat, an object a Map where its keys look like data. The counts are in ``InferenceOptions``, which also bounds what is held: memory does
/// not grow with the number of values.
///
///     var inference = ModelInference()
///     inference.observe("flow", value, in: document, as: .telemetry, origin: "pump-1")
///     let model = inference.model(id: "dtmi:example:Pump;1")
public struct ModelInference: Sendable {
    /// What a value was sent as.
    public enum Kind: String, Sendable, CaseIterable {
        /// Sent by the device, message by message.
        case telemetry
        /// Reported by the device, perhaps as an acknowledgement.
        case reportedProperty = "reported"
        /// Asked of the device.
        case desiredProperty = "desired"
        /// Kept by the service alone.
        case cloudProperty = "cloud"
    }

    struct Place: Hashable, Sendable {
        let module: String
        let component: String
    }

    /// By which counts, and how much is held.
    public let options: InferenceOptions
    private(set) var places: [Place] = []
    private(set) var components: [ObservedComponent] = []
    private var indices: [Place: Int] = [:]
    /// How many values were of modules and components that are not held.
    private(set) var unheld = 0
    private var observing: Observing

    /// An inference that has seen nothing.
    public init(options: InferenceOptions = InferenceOptions()) {
        self.options = options
        observing = Observing(options: options)
    }

    /// How many capabilities were seen.
    public var count: Int { components.reduce(0) { $0 + $1.capabilities.count } }

    /// Widens the model by one value.
    ///
    /// - Parameters:
    ///   - name: the capability's name, unescaped. `$version`, `$metadata`, `$lastUpdated` and `__t`, which are a twin's own, are no capabilities and left alone.
    ///   - value: its value, in `document`; of a reported property perhaps an acknowledgement.
    ///   - document: the tape that the value is on.
    ///   - kind: what it was sent as.
    ///   - module: the edge module; empty for the device itself.
    ///   - component: the component; empty for the default one.
    ///   - origin: who sent it, such as the device's id: tells a value that changes from one that differs from device to device.
    public mutating func observe(
        _ name: String, _ value: JSONNode, in document: borrowing JSONDocument, as kind: Kind, module: String = "", component: String = "",
        origin: String = ""
    ) {
        if kind != .telemetry, Self.noise.contains(name) { return }
        let place = Place(module: module, component: component)
        let index: Int
        if let known = indices[place] {
            index = known
        } else if components.count < options.maximumComponents, module.utf8.count + component.utf8.count <= 2 * ModelName.maximumBytes {
            index = components.count
            indices[place] = index
            places.append(place)
            components.append(ObservedComponent())
        } else {
            unheld += 1
            return
        }
        components[index].observe(name, value, in: document, as: kind, origin: Self.mark(of: origin), &observing)
    }

    private static let noise: Set<String> = ["$version", "$metadata", "$lastUpdated", "__t"]

    /// FNV-1a: the same in every run.
    private static func mark(of origin: String) -> UInt64 {
        origin.utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }
}
