//! The books: that the audit names every breach, that approvals do what a model of them does, and who may do what.

#[path = "../support/mod.rs"]
mod support;

mod at_once;
mod audit;
mod buttons;
mod clients;
mod days;
mod desk;
mod figures;
mod handing_out;
mod importing;
mod invoices;
mod languages;
mod loose;
mod matrix;
mod messages;
mod model;
mod moving_in;
mod people;
mod seeds;
mod sound;
mod standing;
mod taking;
mod trail;
