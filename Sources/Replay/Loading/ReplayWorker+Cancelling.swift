package import Postgres

extension ReplayWorker {
    /// Ends, from any thread, what the worker's connection is doing; its turn then fails with `queryCanceled`, and nothing of it stays.
    package var cancelHandle: CancelHandle? { connection.cancelHandle }
}
