//! A contract is data: roles, where tokens and codes sit, the error table, the profile.
