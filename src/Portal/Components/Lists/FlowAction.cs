namespace Portal.Components.Lists;

/// <summary>What can be done with dataflows of the list.</summary>
public enum FlowAction { Start, Stop, Edit, Duplicate, Export, Copy, Delete }
