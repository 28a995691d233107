/// What is wrong with a mixed record.
enum MixedFault: CaseIterable {
    /// A number that is written as a string.
    case type
    /// An integer that is written with a fraction.
    case fraction
    /// A number that its schema cannot hold.
    case range
    /// A name in the wrong case.
    case letterCase
    /// A name that the template does not have.
    case undefined
    /// A value that is none of the enumeration's.
    case enumeration
    /// A date and time without an offset.
    case offset
    /// Cut off in the middle.
    case truncated
    /// A comma too many.
    case trailingComma
    /// A byte that is no UTF-8.
    case notUTF8
    /// A name twice.
    case duplicate
    /// A null.
    case null
    /// A template that was never published.
    case template
    /// A component that the template does not have.
    case component
    /// A clock in the year 1.
    case clock
}
