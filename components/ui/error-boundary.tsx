'use client';

import { Component, type ReactNode } from 'react';

interface Props {
  /** What is drawn is tried again when this changes. */
  readonly resetKey?: string;
  /** What stands in the place of children that cannot be drawn, because of a problem in words. */
  readonly show: (problem: string, retry: () => void) => ReactNode;
  readonly children: ReactNode;
}

interface State {
  readonly problem: string | null;
  readonly resetKey: string | undefined;
}

/**
 * Keeps a defect of one part from taking the page, and with it edits that were not saved yet, away. React
 * has no other way to catch what is thrown while drawing than a class.
 */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { problem: null, resetKey: this.props.resetKey };

  static getDerivedStateFromError(error: unknown) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }

  static getDerivedStateFromProps({ resetKey }: Props, state: State) {
    return resetKey === state.resetKey ? null : { resetKey, problem: null };
  }

  override render() {
    const { problem } = this.state;
    if (problem === null) return this.props.children;
    return this.props.show(problem, () => this.setState({ problem: null }));
  }
}
