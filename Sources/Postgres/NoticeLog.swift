import CLibPQ
import Logging

/// Passes the server's notices and warnings on to a logger.
@safe final class NoticeLog: Sendable {
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
    }

    /// Makes libpq call this object.
    ///
    /// - Important: the object must outlive the connection, which keeps an unretained pointer to it.
    func attach(to connection: OpaquePointer?) {
        unsafe _ = PQsetNoticeReceiver(connection, receiveNotice, Unmanaged.passUnretained(self).toOpaque())
    }

    fileprivate func receive(_ notice: OpaquePointer?) {
        let message = unsafe ResultHandle.field("M", of: notice) ?? "notice without text"
        let state = unsafe ResultHandle.field("C", of: notice) ?? ""
        logger.debug("Server sent a notice", metadata: [LogKey.notice: "\(message)", LogKey.sqlState: "\(state)"])
    }
}

private func receiveNotice(_ log: UnsafeMutableRawPointer?, _ notice: OpaquePointer?) {
    guard let log = unsafe log else { return }
    unsafe Unmanaged<NoticeLog>.fromOpaque(log).takeUnretainedValue().receive(notice)
}
