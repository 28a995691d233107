import Glibc

/// Who decides: the account that a command runs under, as the control log keeps it.
enum Actor {
    static var name: String {
        if let entry = unsafe getpwuid(geteuid()), let name = unsafe entry.pointee.pw_name { return unsafe String(cString: name) }
        return "uid \(geteuid())"
    }
}
