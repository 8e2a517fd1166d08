"""Settings (TOML) checked with good errors, and where files live (XDG)."""
