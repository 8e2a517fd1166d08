"""Benches: what things cost, beside what DESIGN.md allows. Nothing here fails over time."""
