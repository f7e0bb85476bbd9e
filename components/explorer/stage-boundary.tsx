'use client';

import { Component, type ReactNode } from 'react';

interface Props {
  /** What the stage shows; it is tried again when another study is opened. */
  readonly study: string;
  readonly title: string;
  readonly children: ReactNode;
}

/**
 * Keeps a defect of one stage from taking the page, and with it edits that were not saved yet, away. React
 * has no other way to catch what is thrown while drawing than a class.
 */
export class StageBoundary extends Component<
  Props,
  { readonly problem: string | null; readonly study: string }
> {
  override state = { problem: null, study: this.props.study };

  static getDerivedStateFromError(error: unknown) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }

  static getDerivedStateFromProps({ study }: Props, state: { readonly study: string }) {
    return study === state.study ? null : { study, problem: null };
  }

  override render() {
    const { problem } = this.state;
    if (problem === null) return this.props.children;
    return (
      <section className="stage stage-below" aria-label={this.props.title}>
        <div className="notice notice-danger" role="alert">
          <p>
            {this.props.title} cannot be shown: {problem}
          </p>
          <p className="quiet">
            This is a defect of the page. Your study is unchanged, and the other stages go on; undo
            may lead back to where this one worked.
          </p>
          <button type="button" className="button" onClick={() => this.setState({ problem: null })}>
            Try again
          </button>
        </div>
      </section>
    );
  }
}
