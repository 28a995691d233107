/// A control event in force from an offset on, in one source and one generation.
package struct Epoch: Equatable, Sendable {
    /// The control event's number; a later one overrides an earlier one.
    package let controlSeq: Int64
    /// The first offset that it applies to.
    package let fromOffset: Int64
    /// What it decided.
    package let act: ControlAct

    /// Takes all three.
    package init(controlSeq: Int64, fromOffset: Int64, act: ControlAct) {
        self.controlSeq = controlSeq
        self.fromOffset = fromOffset
        self.act = act
    }
}
