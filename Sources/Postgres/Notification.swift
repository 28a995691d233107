/// What a session said with NOTIFY.
package struct Notification: Hashable, Sendable {
    /// The channel's name.
    package let channel: String
    /// The text that was sent along; empty where there was none.
    package let payload: String
    /// The process of the session that sent it.
    package let backendPID: Int32
}
