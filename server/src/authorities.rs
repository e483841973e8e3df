//! Whom the machine believes that servers are who they say: for `longshore connect`, and for providers of sign-in.

use rustls::RootCertStore;

/// The authorities of the machine. One that cannot be read is one that vouches for nobody: there may be none.
pub fn of_this_machine() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}
