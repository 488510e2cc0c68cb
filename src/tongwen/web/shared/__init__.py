"""What every page shares: layout, components, language, own library, errors."""
