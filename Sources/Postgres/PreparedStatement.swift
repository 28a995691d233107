/// A statement that the session knows by name.
struct PreparedStatement {
    var name: String
    var types: [UInt32]
}
