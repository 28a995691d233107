/// The choices that a checker leaves to its user, where the DTDL specification, IoT Central and real devices differ.
public struct CheckOptions: Sendable, Equatable {
    /// What to make of a value that one side accepts and another refuses.
    public enum Choice: String, Sendable {
        /// Say so, by a fault of the kind that is made for it.
        case report
        /// Let it pass.
        case accept
    }

    /// `null` in place of a value. DTDL has no null; in a twin patch null means deletion, so accept it there. Default: report.
    public var nullValue: Choice = .report
    /// A `dateTime` or `time` without an offset: DTDL refuses it ("Primitive schemas", RFC 3339 §5.6), the Azure CLI accepts it, many devices send it. Default: report.
    public var datetimeWithoutOffset: Choice = .report
    /// A `geopoint` that lacks `lat` or `lon`: valid DTDL, since no field is required (DTDL, "Object"). Default: report.
    public var incompleteGeopoint: Choice = .report
    /// An object member that the schema has no field for (DTDL, "Object"). Default: report, as the specification has it.
    public var undefinedField: Choice = .report
    /// IoT Central's `minValue`, `maxValue`, `decimalPlaces`, `minLength`, `maxLength`. Default: report.
    public var limits: Choice = .report
    /// How many faults one check reports before it stops. Default: 64.
    public var maximumFaults = 64

    /// The defaults that each property names.
    public init() {}
}
