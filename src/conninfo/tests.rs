//! Texts recorded from psql 18.6 built without TLS.

use super::*;
