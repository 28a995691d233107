import CLibPQ

/// The places of one row's fields, in memory that is reused from row to row.
@safe @usableFromInline struct RowFields: ~Copyable {
    private var fields: UnsafeMutablePointer<RowView.Field>
    private var capacity: Int
    private(set) var columnCount: Int

    init(columnCount: Int) {
        self.columnCount = columnCount
        capacity = max(columnCount, 1)
        unsafe fields = .allocate(capacity: capacity)
    }

    deinit {
        unsafe fields.deallocate()
    }

    /// Points at the fields of a row of a result.
    mutating func load(_ row: Int, of result: borrowing ResultHandle) {
        for column in 0..<columnCount {
            let isNull = unsafe PQgetisnull(result.pointer, CInt(row), CInt(column)) == 1
            guard let start = unsafe PQgetvalue(result.pointer, CInt(row), CInt(column)) else { preconditionFailure("Cannot read row \(row)") }
            let length = unsafe isNull ? -1 : PQgetlength(result.pointer, CInt(row), CInt(column))
            unsafe (fields + column).initialize(to: RowView.Field(start: UnsafeRawPointer(start), length: length))
        }
    }

    /// Makes room for the fields of a row that is about to be filled in one by one.
    mutating func start(columnCount: Int) {
        if columnCount > capacity {
            unsafe fields.deallocate()
            capacity = columnCount
            unsafe fields = .allocate(capacity: capacity)
        }
        self.columnCount = columnCount
    }

    /// Points at one field.
    mutating func set(_ column: Int, start: UnsafeRawPointer, length: Int32) {
        unsafe (fields + column).initialize(to: RowView.Field(start: start, length: length))
    }

    /// The row, while the result is alive.
    func view(of result: borrowing ResultHandle) -> RowView {
        unsafe RowView(fields: fields, columnCount: columnCount, result: result.pointer)
    }

    /// The row, while the buffer that its fields point into is alive.
    func view() -> RowView {
        unsafe RowView(fields: fields, columnCount: columnCount, result: nil)
    }
}
