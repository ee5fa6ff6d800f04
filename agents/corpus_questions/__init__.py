"""Questions to the whole corpus: counted in the index by filters and facets, cited from the store, and never about one person alone."""
