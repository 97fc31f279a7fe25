namespace Portal.Components.Lists;

/// <summary>What can be done with endpoints of the list.</summary>
public enum RowAction { Test, Duplicate, Export, Copy, Delete }
