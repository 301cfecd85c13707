"""What a runner keeps while she looks for a coach: favourites, coaches side by side, recently seen, saved searches."""
