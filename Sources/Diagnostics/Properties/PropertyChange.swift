/// One statement of an event about a property, or about all properties of a component that it does not name.
struct PropertyChange: Equatable, Sendable {
    let section: PropertySection
    let module: String
    let component: String
    /// Empty for a mark: what is older in the component is gone.
    let name: String
    /// The version of the section that the statement was made at.
    let version: Int64?
    /// When it was made, for statements without a version.
    let time: Timestamp
    let value: PropertyValue
}
