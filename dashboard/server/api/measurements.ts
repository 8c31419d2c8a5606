/** The newest result of each measurement of the lab, the newest first. */
export interface MeasurementList {
  readonly measurements: readonly MeasurementView[];
}

/** One result, as the lab wrote it. */
export interface MeasurementView {
  readonly measurement: string;
  /** ISO 8601. */
  readonly measuredAt: string;
  readonly runs: number;
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memoryGiB: number;
    readonly system: string;
  };
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string | number>>;
  readonly tables: readonly {
    readonly title: string;
    readonly columns: readonly string[];
    readonly rows: readonly (readonly (string | number)[])[];
  }[];
  /** `/api/measurements/charts/<measurement>-<name>.svg` is the picture. */
  readonly charts: readonly { readonly name: string; readonly title: string }[];
  readonly notes: readonly string[];
}
