/// What a filter says behind `WHERE`.
indirect enum ExportFilterExpression: Sendable {
    enum Comparison: String, Sendable {
        case equal = "="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    /// Something with a value.
    enum Operand: Equatable, Sendable {
        case text(String)
        case number(Double)
        case boolean(Bool)
        case null
        /// A name of the device itself, with its `$`.
        case system(String)
        /// A capability by its path, an alias of its template split off.
        case capability(template: String?, path: [String])
    }

    case compare(Operand, Comparison, Operand)
    case among(Operand, [Operand])
    case isNull(Operand)
    case not(ExportFilterExpression)
    case all(ExportFilterExpression, ExportFilterExpression)
    case any(ExportFilterExpression, ExportFilterExpression)
}

/// How a condition turned out. SQL's three values, and one for what the event cannot tell.
enum ExportFilterTruth: Sendable {
    case yes
    case no
    /// A value that is compared is not there: neither the condition nor its opposite holds.
    case absent
    /// Nobody can tell from the event.
    case unknown

    init(_ value: Bool) { self = value ? .yes : .no }

    var opposite: ExportFilterTruth {
        switch self {
        case .yes: .no
        case .no: .yes
        case .absent, .unknown: self
        }
    }

    func and(_ other: ExportFilterTruth) -> ExportFilterTruth {
        if self == .no || other == .no { return .no }
        if self == .unknown || other == .unknown { return .unknown }
        return self == .absent || other == .absent ? .absent : .yes
    }

    func or(_ other: ExportFilterTruth) -> ExportFilterTruth {
        if self == .yes || other == .yes { return .yes }
        if self == .unknown || other == .unknown { return .unknown }
        return self == .absent || other == .absent ? .absent : .no
    }
}
