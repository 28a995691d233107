extension Duration {
    /// How long a test waits for what has to come: it only bounds how long a failure takes, so it is long enough for a machine that has much else to do. A test
    /// whose subject is a limit sets its own.
    package static var patience: Duration { .seconds(120) }
}
